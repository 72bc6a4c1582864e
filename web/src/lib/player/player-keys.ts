import { isTyping } from '../components/typing.ts';

/** What a key asks of the player; null for what belongs to somebody else. */
export function playerKey(event: KeyboardEvent): 'toggle' | 'back' | 'forward' | null {
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event.target))
    return null;
  if (document.querySelector('dialog[open]') !== null) return null;
  if (event.key.toLowerCase() === 'k') return 'toggle';
  // Space presses the control that has the focus, and arrows scroll or choose within it.
  const onControl =
    event.target instanceof HTMLElement && event.target.matches('button, a, select, summary, [tabindex]');
  if (event.key === ' ')
    return onControl && !(event.target as HTMLElement).matches('[role="slider"], [role="region"]')
      ? null
      : 'toggle';
  if (onControl) return null;
  if (event.key === 'ArrowLeft') return 'back';
  return event.key === 'ArrowRight' ? 'forward' : null;
}
