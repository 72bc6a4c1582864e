import { anyOf } from '../any-of.ts';

/**
 * Words that tell how a conversation goes, in the languages of the example agents and their neighbours. They raise a call
 * on the board and nothing else: a miss costs a look too late, a false hit a look for nothing.
 */

/** A customer who is losing patience, or threatens. */
const anger = anyOf(
  // English
  'ridiculous|unacceptable|outrageous|disgusting|disgraceful|terrible service|worst (?:service|company|call)',
  "i(?:'m| am) (?:so |really |very |extremely )?(?:angry|furious|fed up|sick of (?:this|it))",
  'fed up|sick and tired|waste of (?:my )?time|stop (?:calling|wasting)|shut up|damn it|bullshit|what the (?:hell|fuck)|fuck(?:ing)?',
  'scam(?:mers?)?|fraud|rip[- ]?off|my (?:lawyer|attorney)|sue you|(?:file|make) a complaint|report you|better business bureau',
  // German
  'unverschämt(?:heit)?|frechheit|lächerlich|betrug|betrüger|mein(?:en)? anwalt|beschwer(?:e|en|de)|verarschen',
  // French
  "inadmissible|scandaleux|ridicule|arnaque(?:urs?)?|mon avocat|porter plainte|ras[- ]le[- ]bol|j'en ai marre",
  // Spanish
  'inaceptable|ridículo|estafa(?:dores)?|mi abogado|una queja|estoy (?:hart[oa]|enojad[oa]|furios[oa])',
);

/** The customer has not been understood, and says so. */
const notUnderstood = anyOf(
  "that(?:'s| is) not what i (?:said|meant|asked)|i (?:just|already) (?:said|told you)|you(?:'re| are) not listening",
  "you (?:don't|do not|didn't|did not) understand|no[, ]+i (?:said|meant|mean)|i said no|listen to me|what are you talking about",
  'das habe ich nicht (?:gesagt|gemeint)|sie verstehen (?:mich )?nicht|hören sie (?:mir )?zu|ich sagte',
  "ce n'est pas ce que j'ai dit|vous ne (?:me )?comprenez pas|j'ai dit",
  'eso no es lo que (?:dije|pregunté)|no me (?:entiende|escucha)|ya le dije',
);

/** The agent has not understood, and says so. */
const didNotCatch = anyOf(
  "(?:i )?(?:didn't|did not|couldn't|could not) (?:quite )?(?:catch|get|hear|understand) (?:that|you|it)",
  '(?:could|can|would) you (?:please )?(?:repeat|say) (?:that|it)|say that again|pardon',
  'nicht (?:ganz )?verstanden|noch einmal sagen|wiederholen',
  "je n'ai pas (?:bien )?compris|pouvez-vous répéter",
  'no (?:le |te )?(?:entendí|escuché)|puede repetir',
);

export const isAngry = (text: string): boolean => anger.test(text);
export const saysNotUnderstood = (text: string): boolean => notUnderstood.test(text);
export const saysDidNotCatch = (text: string): boolean => didNotCatch.test(text);
