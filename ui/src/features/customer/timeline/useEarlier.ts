import { useState } from 'react';
import { useFailureToast } from '../../../errors/useFailureToast';
import type { SignIn } from '../../../ipc';
import { usePlatform } from '../../../platform/context';
import { asFailure } from '../../../platform/platform';
import { useRecord } from '../record';

/** Sign-ins older than those the desk keeps; they come from the store when asked for and stay only on this page. */
export function useEarlier() {
  const platform = usePlatform();
  const tell = useFailureToast();
  const { view } = useRecord();
  const [signIns, setSignIns] = useState<SignIn[]>([]);
  const [loading, setLoading] = useState(false);
  const [exhausted, setExhausted] = useState(false);
  const oldest = signIns.at(-1) ?? view.sign_ins.recent.at(-1);
  const load = () => {
    if (loading) return;
    setLoading(true);
    platform
      .earlier({ customer: view.profile.id, before: oldest?.at ?? view.as_of })
      .then(
        (answer) => {
          setSignIns((now) => [...now, ...answer.sign_ins]);
          setExhausted(!answer.more);
        },
        (thrown: unknown) => tell(asFailure(thrown)),
      )
      .finally(() => setLoading(false));
  };
  return { signIns, loading, exhausted, load };
}
