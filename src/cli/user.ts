// `msc user add|passwd|unlock`: people, by the running switch, which journals each act.

import type { Call } from './command.ts';
import { askNewPassword } from './ask.ts';
import { withSwitch } from './installation.ts';

export async function addUser({ args: [user = ''], flags, output }: Call): Promise<number> {
  const sends = flags.list('sends');
  // Before the password is typed: whoever forgot it can still leave.
  if (sends.length === 0) output.tell(`without --sends ${user} may sign on and send nothing`);
  const wish = {
    user,
    name: flags.need('name', 'the name, as the terminal shows it'),
    oif: flags.need('oif', 'six of A-Z and 0-9'),
    agency: flags.need('agency', 'the ORI of the agency'),
    sends,
    pools: flags.list('pools'),
    mustChange: !flags.on('keepPassword'),
    password: await askNewPassword(flags, user),
  };
  const { entry } = await withSwitch(flags, (client) => client.call('user-add', wish));
  output.tell(`user ${user} added (entry ${entry})`);
  return 0;
}

export async function renewPassword({ args: [user = ''], flags, output }: Call): Promise<number> {
  const password = await askNewPassword(flags, user);
  const mustChange = !flags.on('keepPassword');
  const { entry } = await withSwitch(flags, (client) =>
    client.call('user-passwd', { user, password, mustChange }),
  );
  output.tell(`new password for ${user} (entry ${entry})`);
  return 0;
}

export async function unlockUser({ args: [user = ''], flags, output }: Call): Promise<number> {
  const reason = flags.text('reason');
  const { entry } = await withSwitch(flags, (client) =>
    client.call('user-unlock', reason === undefined ? { user } : { user, reason }),
  );
  output.tell(`user ${user} may sign on again (entry ${entry})`);
  return 0;
}
