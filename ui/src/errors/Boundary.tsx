import { Component, type ReactNode } from 'react';
import { StartFailed } from '../features/session/StartFailed';

/** A fault while drawing must not leave an empty window: it says so and offers to draw anew. Nothing saved is touched. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <StartFailed
        failure={{ code: 'desk_failed', message: '', retry: 'later', until: null }}
        onRetry={() => window.location.reload()}
      />
    );
  }
}
