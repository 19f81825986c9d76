// The configuration as it is written in the file, after validation and with its defaults.
// Types alone; `schema.ts` promises them, `load.ts` turns them into what the program uses.

export interface Written {
  readonly switch: { readonly name: string; readonly county: string; readonly ori: string };
  readonly listen: {
    readonly address: string;
    readonly insecure: boolean;
    readonly connections_max: number;
    readonly connections_per_second: number;
  };
  readonly tls?: {
    readonly cert_file: string;
    readonly key_file: string;
    readonly client_ca_file: string;
    readonly crl_file?: string;
    readonly crl_expired: 'refuse' | 'alarm';
    readonly minimum: '1.2' | '1.3';
  };
  readonly http: { readonly address: string };
  readonly control: { readonly socket: string };
  readonly data: { readonly folder: string };
  readonly journal: {
    readonly segment_entries: number;
    readonly segment_size: string;
    readonly search_budget: string;
    readonly kept_days: number;
    readonly timezone?: string;
    readonly shifts: Readonly<Record<string, string>>;
  };
  readonly upstreams: Readonly<Record<string, WrittenUpstream>>;
  readonly links: {
    readonly frame_bytes_max: string;
    readonly window: number;
    readonly keep_alive: string;
  };
  readonly policy: {
    readonly answer_wait: string;
    readonly resume_sign_on: string;
    readonly sign_on_idle: string;
    readonly sign_on_age: string;
    readonly sign_on_twice: boolean;
    readonly sign_on_tries: number;
    readonly sign_on_tries_period: string;
    readonly session_kept: string;
    readonly refusals_stored_per_minute: number;
    readonly refusals_per_minute: number;
  };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
  readonly service: {
    readonly folder: string;
    readonly runtime?: string;
    readonly fips: boolean;
    readonly fips_config: string;
    readonly fips_modules: string;
    readonly networks?: readonly string[];
    readonly credentials: Readonly<Record<string, string>>;
    readonly watchdog: string;
    readonly restart_after: string;
    readonly starts_max: number;
    readonly starts_period: string;
    readonly memory_max: string;
    readonly files_max: number;
    readonly tasks_max: number;
  };
}

export interface WrittenUpstream {
  readonly address: string;
  readonly server_name?: string;
  readonly station: string;
  readonly cert_file: string;
  readonly key_file: string;
  readonly ca_file: string;
  readonly routes: readonly string[];
}
