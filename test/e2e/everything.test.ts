import { aLocalStack } from '../support/local-stack.ts';
import { END_TO_END } from './sets/all.ts';
import { endToEnd } from './sets/set.ts';

endToEnd({ name: 'On the local composition', codeForAbuse: 1008, open: env => aLocalStack(env) }, END_TO_END);
