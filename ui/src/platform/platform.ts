import type {
  ActRequest,
  Credentials,
  CustomerView,
  EarlierAnswer,
  EarlierRequest,
  Event,
  Failure,
  FindAnswer,
  FindRequest,
  FindStoreAnswer,
  Hit,
  OutboxItem,
  Preferences,
  Resolve,
  Revealed,
  RevealRequest,
  Start,
  Status,
  StoreSeen,
} from '../ipc';

/** All that the window can ask of the desk. Each call is refused with a `Failure`, never with anything else. */
export interface Platform {
  start(): Promise<Start>;
  checkStore(url: string): Promise<StoreSeen>;
  signIn(credentials: Credentials): Promise<Start>;
  signOut(): Promise<Start>;
  status(): Promise<Status>;
  find(request: FindRequest): Promise<FindAnswer>;
  findStore(request: FindRequest): Promise<FindStoreAnswer>;
  recent(): Promise<Hit[]>;
  /** Reads a customer whole; `front` also counts them as the one opened last. */
  open(id: string, front: boolean): Promise<CustomerView>;
  earlier(request: EarlierRequest): Promise<EarlierAnswer>;
  act(request: ActRequest): Promise<OutboxItem>;
  outbox(): Promise<OutboxItem[]>;
  retryNow(): Promise<void>;
  takeBack(actionId: string): Promise<void>;
  resolve(resolve: Resolve): Promise<OutboxItem | null>;
  reveal(request: RevealRequest): Promise<Revealed>;
  /** Puts a text on the clipboard; a sensitive one is cleared from it after a minute. */
  copyText(text: string, sensitive: boolean): Promise<void>;
  preferences(): Promise<Preferences>;
  savePreferences(preferences: Preferences): Promise<Preferences>;
  /** Calls back at each thing the desk tells without being asked, until the answer is called. */
  listen(listener: (event: Event) => void): () => void;
}

/** Every refusal in one shape; what is not one already is a fault of this program and is named so. */
export function asFailure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    return thrown as Failure;
  }
  return {
    code: 'desk_failed',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    retry: 'after_change',
    until: null,
  };
}
