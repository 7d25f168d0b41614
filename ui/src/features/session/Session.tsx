import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Failure, Start } from '../../ipc';
import { useDeskEvent, usePlatform } from '../../platform/context';
import { asFailure } from '../../platform/platform';
import { toasts } from '../../ui/toasts';
import { Frame } from '../frame/Frame';
import { resetWorkspace } from '../frame/workspace';
import { bringBack } from '../settings/preferences';
import { DeskProvider } from './desk';
import { FirstStart } from './FirstStart';
import { SignIn } from './SignIn';
import { StartFailed } from './StartFailed';

/** Which screen comes first, and what happens when a sign-in begins or ends. */
export function Session() {
  const platform = usePlatform();
  const client = useQueryClient();
  const [start, setStart] = useState<Start | null>(null);
  const [broken, setBroken] = useState<Failure | null>(null);
  const [ended, setEnded] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again.
  useEffect(() => {
    let here = true;
    const begin = async () => {
      const given = await platform.start();
      if (given.phase === 'ready') await bringBack(platform);
      if (here) {
        setBroken(null);
        setStart(given);
      }
    };
    begin().catch((thrown) => here && setBroken(asFailure(thrown)));
    return () => {
      here = false;
    };
  }, [platform, attempt]);

  const leave = (next: Start, why: Failure | null) => {
    client.clear();
    toasts.clear();
    resetWorkspace();
    setEnded(why);
    setStart(next);
  };
  useDeskEvent((event) => {
    if (start === null) return;
    // Too long without contact while the window was open: the customers close, whoever is in front.
    if (event.event === 'status' && event.status.state === 'closed' && start.phase === 'ready') {
      leave({ ...start, phase: 'closed', status: event.status }, null);
      return;
    }
    if (event.event !== 'signed_out') return;
    leave({ ...start, phase: 'signed_out', agent: null }, event.failure);
  });
  const enter = async (next: Start) => {
    if (next.phase === 'ready') await bringBack(platform);
    client.clear();
    setEnded(null);
    setStart(next);
  };

  if (broken) return <StartFailed failure={broken} onRetry={() => setAttempt((n) => n + 1)} />;
  if (!start) return null;
  if (start.phase === 'first_start') return <FirstStart start={start} onSignedIn={enter} />;
  if (start.phase !== 'ready' || !start.agent)
    return <SignIn start={start} ended={ended} onSignedIn={enter} />;
  const signOut = () => {
    platform.signOut().then(
      (next) => leave(next, null),
      (thrown) => toasts.show({ tone: 'stop', text: asFailure(thrown).message }),
    );
  };
  return (
    <DeskProvider desk={{ ...start, agent: start.agent, signOut }}>
      <Frame />
    </DeskProvider>
  );
}
