import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './Dialog.module.css';
import { Icon, type IconName } from './Icon';
import { Kbd } from './Kbd';

/** A question or a sheet above the page; Escape closes it and focus returns to where it was. */
export function Dialog({
  title,
  icon,
  beside,
  end,
  children,
  foot,
  onClose,
  width = 604,
  isBusy = false,
  role = 'dialog',
}: {
  title: ReactNode;
  icon?: IconName;
  /** Quiet words after the title. */
  beside?: ReactNode;
  /** Quiet words at the right of the head. */
  end?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
  onClose: () => void;
  width?: number;
  /** True while an answer is awaited: nothing closes the dialog. */
  isBusy?: boolean;
  role?: 'dialog' | 'alertdialog';
}) {
  return (
    <ModalOverlay
      className={styles.scrim ?? ''}
      isOpen
      isDismissable={!isBusy}
      isKeyboardDismissDisabled={isBusy}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal ?? ''} style={{ width }}>
        <AriaDialog className={styles.dialog ?? ''} role={role}>
          <header className={styles.head}>
            {icon && <Icon name={icon} />}
            <Heading slot="title" level={2} className={styles.title ?? ''}>
              {title}
            </Heading>
            {beside && <span className="muted">{beside}</span>}
            <span className={styles.end}>
              {end}
              <Kbd keys="Escape" />
            </span>
          </header>
          <div className={styles.body}>{children}</div>
          {foot && <footer className={styles.foot}>{foot}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
