// What the rooms are told of the configuration in force, each in its own words: at the start and after
// every reload by the same functions, so that a reload can leave nothing at an old or default value.

import { switchSettings, type Config } from '#src/config/load';
import type { ListenerChange } from '#src/net/listener';
import type { RoomLimits } from '#src/net/waiting-room';
import { connectionsThatFit, placesThatFit } from '#src/runtime/descriptors';
import { roomLimits, socketsMax } from '#src/runtime/limits';
import type { Log } from '#src/runtime/log';
import { version } from '#src/runtime/version';
import type { SwitchSettings } from '#switch/settings';
import type { Loaded } from './reload.ts';

export function settingsOf(config: Config): SwitchSettings {
  return switchSettings(config, `msc ${version}`);
}

/** Links and handshakes at one time. */
export function connectionsOf({ listen }: Config): number {
  return socketsMax(listen.connectionsMax);
}

export function listening({ config, certificates }: Loaded, log: Log): ListenerChange {
  return {
    ...certificates.listener,
    connectionsMax: connectionsThatFit(connectionsOf(config), log, roomThatFits()),
    perAddress: config.listen.connectionsPerSecond,
  };
}

export function roomThatFits(): RoomLimits {
  return { ...roomLimits, places: placesThatFit(roomLimits.places) };
}
