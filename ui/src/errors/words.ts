import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Code } from '../ipc';
import type { IconName } from '../ui/Icon';

export type Words = { title: MessageDescriptor; text: MessageDescriptor; icon?: IconName; tone?: 'wait' };

/** What each code of the desk and the store is called here, and what a person can do about it. */
export const words = {
  bad_request: {
    title: msg`The store did not take this`,
    text: msg`Something in it is not in the form the store takes. Nothing was changed.`,
  },
  wrong_credentials: {
    title: msg`The name or the password is wrong`,
    text: msg`Check both, and whether Caps Lock is on. An administrator can set a new password.`,
  },
  too_many_attempts: {
    title: msg`Too many attempts`,
    text: msg`The store takes no more attempts for this name for now. An administrator can set a new password meanwhile.`,
    icon: 'clock',
  },
  sign_in_needed: { title: msg`Your sign-in has run out`, text: msg`Sign in again. What you saved is kept.` },
  session_revoked: {
    title: msg`This sign-in was ended`,
    text: msg`A token was used twice, so the store ended every sign-in that came from it. Sign in again, and tell your administrator if you did not expect this.`,
  },
  device_revoked: {
    title: msg`This desk was shut out`,
    text: msg`An administrator revoked it. What it held of customers is wiped; what you had saved was sealed for the store.`,
  },
  not_allowed: {
    title: msg`Your role does not allow this`,
    text: msg`Ask a supervisor. Nothing was changed.`,
  },
  supervisor_needed: {
    title: msg`A supervisor must do this`,
    text: msg`This lock is not one that an agent may end. Nothing was changed.`,
  },
  unknown: {
    title: msg`There is no such customer here`,
    text: msg`The record may have left your share, or the id is not complete.`,
    icon: 'search',
  },
  source_not_connected: {
    title: msg`Another system decides over this account`,
    text: msg`It is not connected, so the account can be seen and noted here, but not changed.`,
  },
  action_reused: {
    title: msg`This was already asked with other words`,
    text: msg`Nothing was done a second time. Open the customer again and ask anew.`,
  },
  bad_signature: {
    title: msg`The store does not recognise this desk’s signature`,
    text: msg`Sign out and in again so that the desk is registered anew. Nothing was changed.`,
  },
  version_missing: {
    title: msg`The store needs to know what you saw`,
    text: msg`Open the customer again and ask anew. Nothing was changed.`,
  },
  conflict: {
    title: msg`It changed in between`,
    text: msg`Nothing was done. Look at what is there now and decide again.`,
  },
  lapsed: {
    title: msg`It came too late`,
    text: msg`The time in which this could be done ran out. Nothing was changed.`,
    icon: 'clock',
  },
  in_flight: {
    title: msg`The store is still at it`,
    text: msg`The same action is being worked on. The answer will appear by itself.`,
    tone: 'wait',
  },
  store_version: {
    title: msg`This store is of another version`,
    text: msg`The store and this program do not speak the same version. Install the version that your administrator names; what you saved is kept.`,
  },
  cursor_unknown: {
    title: msg`The store was restored`,
    text: msg`This desk fetches its customers again. What you saved is kept.`,
    tone: 'wait',
  },
  busy: { title: msg`The store is busy`, text: msg`Try again in a moment.`, tone: 'wait' },
  store_failed: {
    title: msg`The store failed`,
    text: msg`Nothing was lost here. Try again; if it stays, tell your administrator the time.`,
  },
  offline: {
    title: msg`The store does not answer`,
    text: msg`Check the address and this machine’s network. What is on this desk can still be used.`,
    icon: 'offline',
    tone: 'wait',
  },
  not_a_store: {
    title: msg`This is not a store`,
    text: msg`Something answers at this address, but it is not a Madoguchi store. Check the address.`,
  },
  needs_store: {
    title: msg`This needs the store`,
    text: msg`It cannot be saved for later. Try again when the desk is live.`,
    icon: 'offline',
    tone: 'wait',
  },
  disk_full: {
    title: msg`The disk is full`,
    text: msg`Nothing was saved. Make room on this machine and try again.`,
  },
  files_unusable: {
    title: msg`This desk’s files cannot be used`,
    text: msg`They may be damaged or belong to another user. What was unreadable is set aside and fetched again; unsent actions are kept.`,
  },
  home_in_use: {
    title: msg`Another window uses this desk`,
    text: msg`Only one program can hold this desk’s files. Close the other one and start again.`,
  },
  no_keyring: {
    title: msg`There is no keyring`,
    text: msg`The desk works in memory: nothing stays on this machine, and every action needs the store.`,
    icon: 'key',
    tone: 'wait',
  },
  outbox_key_lost: {
    title: msg`The outbox’s key is gone`,
    text: msg`What was waiting goes to the store sealed; the store opens and checks it. Look there for its outcome.`,
    icon: 'key',
  },
  clock_off: {
    title: msg`This machine’s clock is wrong`,
    text: msg`It is too far from the store’s. Set the clock, or let it be set by the network, and try again.`,
    icon: 'clock',
  },
  lease_over: {
    title: msg`Too long without the store`,
    text: msg`This desk closes its customers after a day without contact. Sign in again to open them; what you saved is kept.`,
    icon: 'lock',
    tone: 'wait',
  },
  not_signed_in: { title: msg`Nobody is signed in`, text: msg`Sign in to go on. What you saved is kept.` },
  already_sent: {
    title: msg`It is already on its way`,
    text: msg`It can no longer be taken back. The store’s answer will appear by itself.`,
    tone: 'wait',
  },
  desk_failed: {
    title: msg`Something failed in this program`,
    text: msg`Nothing you saved is lost. Try again, and start the program again if it stays.`,
  },
} satisfies Record<Code, Words>;

/** The words for a code; a code that this window does not know is a fault of the program and is shown as one. */
export function wordsFor(code: string): Words {
  return code in words ? words[code as Code] : words.desk_failed;
}
