import type { Field, FindRequest, Hit, Matched, Source } from '../../ipc';
import type { Person } from './people';

// Enough of the real lookup to see the screen work: width, case and kana are folded one character to one.
const kana = (text: string) => text.replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
const fold = (text: string) => kana(text.normalize('NFKC').toLowerCase());

function found(field: Field, value: string | null, query: string): Matched | null {
  if (!value) return null;
  const at = fold(value).indexOf(query);
  return at < 0 ? null : { field, value, ranges: [[at, at + query.length]], hidden: false };
}

/** Where `query` stands in one customer; what is masked is seen only by the store. */
function match(person: Person, query: string, store: boolean): Matched | null {
  const seen =
    found('written', person.written, query) ??
    found('reading', person.reading, query) ??
    found('romaji', person.romaji, query) ??
    found('former', person.former, query) ??
    found('customer_id', person.id, query) ??
    (/^\d{3,4}$/.test(query) ? found('phone', person.phone, query) : null);
  if (seen || !store || query.length < 3 || !fold(person.emailClear).includes(query)) return seen;
  const mask = person.email ?? '';
  return { field: 'email', value: mask, ranges: [[1, mask.indexOf('@') - 1]], hidden: true };
}

/** What one side finds: all that match, and those of them that pass the filter. */
export function search(people: Person[], request: FindRequest, source: Source): { all: Hit[]; hits: Hit[] } {
  const query = fold(request.query.trim());
  const all = people
    .filter((person) => source === 'store' || person.source === 'desk')
    .flatMap((person): Hit[] => {
      const matched = query === '' ? null : match(person, query, source === 'store');
      if (!matched || (source === 'store' && person.source === 'desk' && !matched.hidden)) return [];
      return [{ ...hitOf(person), matched, source }];
    });
  const hits = all.filter(
    (hit) => (!request.locked || hit.lock) && (request.brand === null || hit.brands.includes(request.brand)),
  );
  return { all, hits };
}

export function hitOf(person: Person): Hit {
  const { former: _, emailClear: __, phoneClear: ___, loyaltyClear: ____, ...hit } = person;
  return { ...hit, matched: null, pending: false };
}
