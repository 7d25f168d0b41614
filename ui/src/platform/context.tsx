import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import type { Event } from '../ipc';
import type { Platform } from './platform';

const Context = createContext<Platform | null>(null);

export function PlatformProvider({ platform, children }: { platform: Platform; children: ReactNode }) {
  return <Context value={platform}>{children}</Context>;
}

export function usePlatform(): Platform {
  const platform = useContext(Context);
  if (!platform) throw new Error('usePlatform outside of PlatformProvider');
  return platform;
}

/** Calls back at each event of the desk while the component is on the page. */
export function useDeskEvent(listener: (event: Event) => void) {
  const platform = usePlatform();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => platform.listen((event) => latest.current(event)), [platform]);
}
