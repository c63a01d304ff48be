import { describe, expect, test } from 'vitest';
import { anyContext, openFunctions } from '../support/aws-functions.ts';

describe('A function that is wired to something else', () => {
  test.each([undefined, null, 7, {}, { Records: 'no' }])('says so for the event %j', async event => {
    const world = openFunctions();
    for (const handle of [world.connectFunction, world.messageFunction, world.disconnectFunction]) {
      await expect(handle(event)).rejects.toMatchObject({ code: 'invalid' });
    }
    for (const handle of [world.fanOutFunction, world.deliverFunction, world.presenceFunction]) {
      await expect(handle(event, anyContext)).rejects.toMatchObject({ code: 'invalid' });
    }
  });
});
