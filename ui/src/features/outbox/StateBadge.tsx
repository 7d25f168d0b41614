import { useLingui } from '@lingui/react/macro';
import { useStatus } from '../../data';
import type { OutboxItem } from '../../ipc';
import { Badge } from '../../ui/Badge';

/** How far an action of this desk is: a word and a shape. What is only saved is dashed and hollow. */
export function StateBadge({ item }: { item: Pick<OutboxItem, 'state'> }) {
  const { t } = useLingui();
  const offline = useStatus()?.state === 'offline';
  switch (item.state) {
    case 'saved':
      return (
        <Badge tone="saved" icon="pending">
          {offline ? t`Saved, not done yet` : t`Saved, being sent`}
        </Badge>
      );
    case 'sending':
      return (
        <Badge tone="accent" icon="send">
          {t`Sent, no answer yet`}
        </Badge>
      );
    case 'done':
      return (
        <Badge tone="ok" icon="ok">
          {t`Done`}
        </Badge>
      );
    case 'conflict':
      return (
        <Badge tone="stop" icon="alert">
          {t`Conflict`}
        </Badge>
      );
    case 'refused':
      return (
        <Badge tone="stop" icon="ban">
          {t`Refused`}
        </Badge>
      );
    case 'lapsed':
      return (
        <Badge tone="stop" icon="clock">
          {t`Lapsed`}
        </Badge>
      );
  }
}
