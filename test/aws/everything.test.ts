import { END_TO_END } from '../e2e/sets/all.ts';
import { endToEnd } from '../e2e/sets/set.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import { whyNoLocalStack } from '../support/localstack.ts';

endToEnd(
  {
    name: 'On emulated AWS, with the bundles that are deployed',
    unavailable: whyNoLocalStack(),
    codeForAbuse: 1000,
    open: env => anEmulatedStack('fanfare-everything', { env }),
  },
  END_TO_END,
);
