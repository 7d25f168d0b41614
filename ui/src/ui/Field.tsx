import type { ReactNode, Ref } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import styles from './Field.module.css';

/** A labelled line of text with its help and its complaint below it. */
export function Field({
  label,
  value,
  onChange,
  help,
  error,
  type = 'text',
  placeholder,
  autoComplete = 'off',
  size = 'm',
  autoFocus,
  isDisabled,
  isRequired,
  maxLength,
  rows,
  ref,
  inputMode,
  hideLabel,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  help?: ReactNode;
  error?: ReactNode;
  type?: 'text' | 'password' | 'url';
  placeholder?: string;
  autoComplete?: string;
  size?: 'm' | 'l';
  autoFocus?: boolean;
  isDisabled?: boolean;
  isRequired?: boolean;
  maxLength?: number;
  /** More than one line. */
  rows?: number;
  ref?: Ref<HTMLInputElement>;
  inputMode?: 'text' | 'url' | 'numeric';
  hideLabel?: boolean;
}) {
  const shared = {
    className: `${styles.input} ${styles[size]} ${rows ? styles.area : ''}`,
    ...(placeholder === undefined ? {} : { placeholder }),
  };
  return (
    <TextField
      className={styles.field ?? ''}
      value={value}
      onChange={onChange}
      type={type}
      autoComplete={autoComplete}
      isInvalid={Boolean(error)}
      isDisabled={isDisabled ?? false}
      isRequired={isRequired ?? false}
      validationBehavior="aria"
      {...(autoFocus ? { autoFocus } : {})}
      {...(maxLength ? { maxLength } : {})}
      {...(inputMode ? { inputMode } : {})}
    >
      <Label className={hideLabel ? 'hidden' : styles.label}>{label}</Label>
      {rows ? (
        <TextArea {...shared} rows={rows} spellCheck={false} />
      ) : (
        <Input {...shared} {...(ref ? { ref } : {})} spellCheck={false} autoCapitalize="off" />
      )}
      {help && (
        <Text slot="description" className={styles.help ?? ''}>
          {help}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  );
}
