import type { ReactNode, Ref } from 'react';
import { useId } from 'react';
import { Button as AriaButton, type PressEvent } from 'react-aria-components';
import styles from './Button.module.css';
import { Icon, type IconName } from './Icon';
import { Kbd } from './Kbd';

export type ButtonKind = 'plain' | 'normal' | 'primary' | 'danger' | 'danger-fill' | 'saved';

type Shared = {
  onPress?: (event: PressEvent) => void;
  /** Present when the button is off: why, in a sentence. It is announced; put the same words in sight beside it. */
  whyOff?: string | undefined;
  autoFocus?: boolean;
  ref?: Ref<HTMLButtonElement>;
  className?: string | undefined;
  'aria-expanded'?: boolean;
  'aria-haspopup'?: 'dialog' | 'menu' | 'listbox';
  'aria-controls'?: string;
  slot?: string | null;
};

type ButtonProps = Shared & {
  children: ReactNode;
  /** `saved` is dashed: what it asks for will only be saved on this desk. */
  kind?: ButtonKind;
  size?: 's' | 'm' | 'l';
  icon?: IconName;
  /** A key of the shortcut registry, such as `Mod+Enter`. */
  keys?: string | undefined;
  type?: 'button' | 'submit';
  isPending?: boolean;
  isDisabled?: boolean;
};

/** The one button: 28 px, 24 small, 32 in dialogs. One filled button for each area. */
export function Button({
  children,
  kind = 'normal',
  size = 'm',
  icon,
  keys,
  whyOff,
  className,
  isDisabled,
  ...rest
}: ButtonProps) {
  const why = useId();
  return (
    <>
      <AriaButton
        {...rest}
        isDisabled={isDisabled || whyOff !== undefined}
        aria-describedby={whyOff === undefined ? undefined : why}
        aria-keyshortcuts={keys?.replace('Mod', 'Control')}
        className={[styles.button, styles[kind], styles[size], className].filter(Boolean).join(' ')}
      >
        {icon && <Icon name={icon} size={size === 's' ? 's' : 'm'} />}
        {children}
        {keys && <Kbd keys={keys} quiet={kind === 'primary' || kind === 'danger-fill'} />}
      </AriaButton>
      {whyOff !== undefined && (
        <span id={why} className="hidden">
          {whyOff}
        </span>
      )}
    </>
  );
}

/** A square button with a drawing; its name is spoken and shown on hover. */
export function IconButton({
  label,
  icon,
  size = 's',
  whyOff,
  className,
  keys,
  ...rest
}: Shared & {
  label: string;
  icon: IconName;
  size?: 'xs' | 's' | 'm';
  keys?: string;
  excludeFromTabOrder?: boolean;
}) {
  return (
    <span title={whyOff ?? label} className={styles.holder}>
      <AriaButton
        {...rest}
        aria-label={whyOff === undefined ? label : `${label}. ${whyOff}`}
        aria-keyshortcuts={keys?.replace('Mod', 'Control')}
        isDisabled={whyOff !== undefined}
        className={[styles.square, className].filter(Boolean).join(' ')}
      >
        <Icon name={icon} size={size} />
      </AriaButton>
    </span>
  );
}

/** Words that act, inside or beside a sentence. */
export function LinkButton({
  children,
  ...rest
}: Omit<Shared, 'whyOff'> & { children: ReactNode; 'aria-label'?: string }) {
  return (
    <AriaButton {...rest} className={[styles.link, rest.className].filter(Boolean).join(' ')}>
      {children}
    </AriaButton>
  );
}
