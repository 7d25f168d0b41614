import { I18nProvider } from '@lingui/react';
import { useLingui } from '@lingui/react/macro';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { I18nProvider as AriaLocale } from 'react-aria-components';
import { memory } from './data';
import { Boundary } from './errors/Boundary';
import { Session } from './features/session/Session';
import { i18n } from './i18n';
import { PlatformProvider } from './platform/context';
import type { Platform } from './platform/platform';
import { ToastRegion } from './ui/toasts';

/** Tells the widgets which language they speak, so that what they announce is in the window's own. */
function SameLanguage({ children }: { children: ReactNode }) {
  const { i18n: spoken } = useLingui();
  return <AriaLocale locale={spoken.locale === 'ja' ? 'ja-JP' : 'en-GB'}>{children}</AriaLocale>;
}

export function App({ platform }: { platform: Platform }) {
  const [client] = useState(memory);
  return (
    <I18nProvider i18n={i18n}>
      <SameLanguage>
        <PlatformProvider platform={platform}>
          <QueryClientProvider client={client}>
            <Boundary>
              <Session />
              <ToastRegion />
            </Boundary>
          </QueryClientProvider>
        </PlatformProvider>
      </SameLanguage>
    </I18nProvider>
  );
}
