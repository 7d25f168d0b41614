import { beforeEach, describe, expect, it } from 'vitest';
import { closeTab, openTab, resetWorkspace, showLast, showTab, workspace } from './workspace';

const ids = () => workspace.get().tabs.map((tab) => tab.id);
const front = () => workspace.get().active;

describe('the row of tabs', () => {
  beforeEach(resetWorkspace);

  it('opens a customer once, however often they are asked for', () => {
    openTab('a', 'A');
    openTab('b', 'B');
    openTab('a', 'A');
    expect(ids()).toEqual(['a', 'b']);
    expect(front()).toBe('a');
  });

  it('opens behind without changing what is in front, unless nothing is', () => {
    openTab('a', 'A', true);
    expect(front()).toBe('a');
    openTab('b', 'B', true);
    expect(front()).toBe('a');
    expect(ids()).toEqual(['a', 'b']);
  });

  it('goes back to the last one, and back again', () => {
    openTab('a', 'A');
    openTab('b', 'B');
    showLast();
    expect(front()).toBe('a');
    showLast();
    expect(front()).toBe('b');
  });

  it('shows the last one when the one in front closes, else the neighbour', () => {
    for (const id of ['a', 'b', 'c']) openTab(id, id);
    showTab('a');
    closeTab('a');
    expect(front()).toBe('c');
    closeTab('c');
    expect(front()).toBe('b');
    closeTab('b');
    expect(front()).toBeNull();
  });

  it('does not go back to a tab that was closed', () => {
    openTab('a', 'A');
    openTab('b', 'B');
    closeTab('a');
    showLast();
    expect(front()).toBe('b');
  });
});
