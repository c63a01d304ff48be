import { Command } from 'commander';
import { makeVapidKeys } from '../adapters/web-push/vapid.ts';

export const vapidCommand = (): Command =>
  new Command('vapid')
    .description('Print a pair of keys for pushes to browsers, as lines of an environment.')
    .addHelpText(
      'after',
      `
Browsers subscribe with the public key (applicationServerKey), and are pushed to with both. A new pair
is unknown to those who have subscribed with another: keep it, and keep the private key to yourself.`,
    )
    .action(() => {
      const { publicKey, privateKey } = makeVapidKeys();
      console.log(`FANFARE_VAPID_PUBLIC_KEY=${publicKey}\nFANFARE_VAPID_PRIVATE_KEY=${privateKey}`);
    });
