import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useRecent } from '../../data';
import { useFailureToast } from '../../errors/useFailureToast';
import type { Hit } from '../../ipc';
import { usePlatform } from '../../platform/context';
import { isComposing } from '../../platform/ime';
import { asFailure } from '../../platform/platform';
import { Icon } from '../../ui/Icon';
import { Kbd } from '../../ui/Kbd';
import { toasts } from '../../ui/toasts';
import { useNow } from '../../ui/useNow';
import { wish } from '../frame/wish';
import { openTab, showLast, workspace } from '../frame/workspace';
import { keysOf } from '../keys/registry';
import { pressed } from '../keys/useShortcut';
import { CommandList } from './CommandList';
import { Filters } from './Filters';
import styles from './Finder.module.css';
import { FinderFoot, RecentLine } from './FinderFoot';
import { HitList } from './HitList';
import { Peek } from './Peek';
import { useCommands } from './useCommands';
import { type Filter, useFind } from './useFind';

/** `>` (also as a Japanese keyboard types it) turns the box from finding to doing. */
const doing = (text: string) => /^\s*[>＞]/.test(text);

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** The one box: find a customer while typing, go somewhere, do something. */
export function Finder({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const platform = usePlatform();
  const tell = useFailureToast();
  const now = useNow(30_000);
  const listId = useId();
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<Filter>({ locked: false, brand: null });
  const [chosen, setChosen] = useState(0);
  const inDo = doing(text);
  const query = inDo ? '' : text.trim();
  const found = useFind(query, filter);
  const recent = useRecent().data ?? [];
  const commands = useCommands(inDo ? text.replace(/^\s*[>＞]/, '') : '');

  const desk = query === '' ? recent : (found.desk?.hits ?? []);
  const beyond = query === '' ? [] : (found.store?.hits ?? []);
  const hits = [...desk, ...beyond];
  const count = inDo ? commands.length : hits.length;
  const at = Math.min(chosen, Math.max(0, count - 1));
  const hit = inDo ? undefined : hits[at];

  // The window's title says that the box takes what is typed; it never names a customer.
  useEffect(
    () => () => {
      document.title = 'Madoguchi';
    },
    [],
  );

  /** Enter came before the answer for what stands in the box: it opens the first row as soon as that is here. */
  const openWhenHere = useRef<string | null>(null);

  const open = (one: Hit | undefined, behind = false) => {
    if (!one) return;
    openTab(one.id, one.written, behind);
    if (!behind) onClose();
    else toasts.show({ text: t`${one.written} is open in a tab behind` });
  };
  const unlock = (one: Hit | undefined) => {
    if (!one) return;
    wish.set({ customer: one.id, what: 'unlock' });
    open(one);
  };
  const copy = (one: Hit | undefined) => {
    if (!one) return;
    platform.copyText(one.id, false).then(
      () => toasts.show({ text: t`Copied ${one.id}` }),
      (thrown) => tell(asFailure(thrown)),
    );
  };
  const run = (n: number) => {
    const command = commands[n];
    if (!command) return;
    onClose();
    command.run();
  };
  useEffect(() => {
    if (openWhenHere.current === null || found.behind || !found.desk) return;
    const wanted = openWhenHere.current;
    openWhenHere.current = null;
    if (wanted === query) open(found.desk.hits[0]);
  });

  const type = (next: string) => {
    setText(next);
    setChosen(0);
    openWhenHere.current = null;
  };
  const choose = (next: Filter) => {
    setFilter(next);
    setChosen(0);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const combo = pressed(event.nativeEvent);
    const nth = Number(/^Mod\+([1-9])$/.exec(combo)?.[1] ?? 0);
    const step = STEPS[combo];
    if (step !== undefined) setChosen(Math.max(0, Math.min(at + step, count - 1)));
    else if (nth > 0) inDo ? run(nth - 1) : open(hits[nth - 1]);
    else if (combo === keysOf('findBehind')) inDo ? run(at) : open(hit, true);
    else if (combo === keysOf('findUnlock')) unlock(hit?.lock ? hit : undefined);
    else if (combo === keysOf('findCopy')) copy(hit);
    else if (combo === keysOf('findLast') && workspace.get().last !== null) {
      onClose();
      showLast();
    } else if (combo === 'Mod+K') type('>');
    else if (combo === keysOf('findOpen') && event.target instanceof HTMLInputElement) {
      if (inDo) run(at);
      else if (query !== '' && (found.behind || !found.desk)) openWhenHere.current = query;
      else open(hit);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <ModalOverlay className={styles.scrim ?? ''} isOpen isDismissable onOpenChange={(is) => !is && onClose()}>
      <Modal className={styles.finder ?? ''}>
        <Dialog className={styles.dialog ?? ''} aria-label={t`Find a customer, or do something`}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole box, wherever the focus in it is. */}
          <div className={styles.box} onKeyDown={onKeyDown}>
            <div className={styles.input}>
              <Icon name={inDo ? 'chevron' : 'search'} />
              <input
                autoFocus
                role="combobox"
                aria-label={t`Find`}
                aria-expanded={count > 0}
                aria-controls={listId}
                aria-autocomplete="list"
                aria-activedescendant={count > 0 ? `${listId}-${at}` : undefined}
                autoComplete="off"
                autoCorrect="off"
                autoCapitalize="off"
                spellCheck={false}
                maxLength={200}
                value={text}
                onFocus={() => {
                  document.title = t`Find – Madoguchi`;
                }}
                onBlur={() => {
                  document.title = 'Madoguchi';
                }}
                onChange={(event) => type(event.target.value)}
              />
              <span className={styles.hint}>
                {inDo ? t`what to do, in part` : t`reading, name, e-mail, phone or number, in part`}
              </span>
              <Kbd keys="Escape" />
            </div>
            {inDo ? (
              <CommandList id={listId} commands={commands} chosen={at} onChoose={setChosen} onRun={run} />
            ) : (
              <>
                <Filters
                  filter={filter}
                  counts={query === '' ? undefined : found.desk?.counts}
                  total={query === '' ? undefined : found.desk?.total}
                  partial={found.desk?.partial ?? false}
                  beyond={beyond.length}
                  onChange={choose}
                />
                <div className={styles.split}>
                  <HitList
                    id={listId}
                    query={query}
                    desk={desk}
                    beyond={beyond}
                    found={found}
                    chosen={at}
                    onChoose={setChosen}
                    onOpen={(one, behind) => open(one, behind)}
                    onShowAll={() => choose({ locked: false, brand: null })}
                  />
                  {hit && (
                    <Peek
                      hit={hit}
                      now={now}
                      act={{
                        open: () => open(hit),
                        behind: () => open(hit, true),
                        unlock: () => unlock(hit),
                        copy: () => copy(hit),
                      }}
                    />
                  )}
                </div>
                {query !== '' && <RecentLine recent={recent} onOpen={open} />}
              </>
            )}
            <FinderFoot doing={inDo} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
