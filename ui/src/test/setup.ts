import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { showLikes } from '../features/settings/preferences';
import { speak } from '../i18n';

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 20_000 });
document.title = 'Madoguchi';
showLikes();
speak('en');
// jsdom lays nothing out: lists that draw only what is in sight are given a height to fill.
Object.defineProperty(Element.prototype, 'clientHeight', { configurable: true, get: () => 470 });
Object.defineProperty(Element.prototype, 'clientWidth', { configurable: true, get: () => 800 });
HTMLElement.prototype.scrollTo = () => undefined;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
afterEach(cleanup);
