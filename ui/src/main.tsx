import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/noto-sans-jp/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { showLikes } from './features/settings/preferences';
import { platformHere } from './platform';
import { guardComposition } from './platform/ime';

guardComposition(window);
showLikes();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App platform={await platformHere()} />
  </StrictMode>,
);
