// What index.html starts with: the colours that it needs to say that the window starts, and then the window's program. It
// is read behind the first picture, which waits for every style sheet that is named here.
import './app/tokens.css'
import './app/base.css'
import './app/starting.css'

void import('./main.tsx')
