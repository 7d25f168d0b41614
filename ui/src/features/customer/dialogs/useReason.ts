import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { Reason } from '../../../ipc';

/** What an agent gives as the reason, and whether it is enough. */
export type ReasonGiven = {
  reason: Reason | null;
  words: string;
  caseNo: string;
  setReason: (reason: Reason) => void;
  setWords: (words: string) => void;
  setCaseNo: (caseNo: string) => void;
  /** What is missing, or null when it is enough. */
  missing: string | null;
  /** As it travels: without empty texts. */
  given: { reason: Reason | null; words: string | null; case: string | null };
};

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

export function useReason(first: Reason | null = null, wordsAlways = false): ReasonGiven {
  const [reason, setReason] = useState<Reason | null>(first);
  const [words, setWords] = useState('');
  const [caseNo, setCaseNo] = useState('');
  const needsWords = wordsAlways || reason === 'other';
  const missing =
    reason === null && !wordsAlways
      ? t`choose a reason`
      : needsWords && words.trim() === ''
        ? t`say it in words`
        : null;
  return {
    reason,
    words,
    caseNo,
    setReason,
    setWords,
    setCaseNo,
    missing,
    given: { reason, words: orNull(words), case: orNull(caseNo) },
  };
}
