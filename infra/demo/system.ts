import { type Environment, kafkaConnection, type KafkaConnection } from '#settings';
import type { Service } from '../postgres/migrate.ts';
import { services } from '../stack/services.ts';
import { type StackSettings, startStack, toTerminal } from '../stack/stack.ts';
import { Trouble } from '../stack/trouble.ts';
import type { Doors } from './cast.ts';

/** A running system, seen from outside. */
export interface System extends Doors {
  readonly kafka: KafkaConnection;
  readonly wasStarted: boolean;
}

const answersWithinMs = 5000;

/** The system on the ports of the settings, if one answers there; else one that is started, and is to be stopped by `entered`'s stop. */
export async function findOrStart(
  settings: StackSettings,
  env: Environment,
  { about, entered }: { readonly about: string; readonly entered: (stop: () => Promise<void>) => void },
): Promise<System> {
  if (settings.oidcIssuer !== undefined) {
    throw new Trouble(
      'The demo plays people of every role with tokens of the development issuer, and OIDC_ISSUER names another one: unset it.',
    );
  }
  const doors = doorsOf(settings);
  const kafka = kafkaConnection({
    ...env,
    KAFKA_BROKERS: settings.kafkaBrokers ?? `127.0.0.1:${settings.ports.kafka}`,
  });
  if (await isUp(doors)) {
    toTerminal.say(`${about}\nStet is running already; the story goes through it, and it is left running.`);
    return { ...doors, kafka, wasStarted: false };
  }
  toTerminal.say(`${about}\nStet is not running, so it is started for the story and stopped again after it.\n`);
  await startStack({ settings, report: toTerminal, entered });
  return { ...doors, kafka, wasStarted: true };
}

function doorsOf({ ports }: StackSettings): Doors {
  const at = (service: Service | 'issuer') => `http://localhost:${ports[service]}`;
  const urls = {
    ...{ drafting: at('drafting'), publication: at('publication') },
    ...{ moderation: at('moderation'), reading: at('reading') },
  };
  return { urls, issuerUrl: at('issuer') };
}

async function isUp({ urls, issuerUrl }: Doors): Promise<boolean> {
  const asked = [
    ...services.map((service) => `${urls[service]}/health/ready`),
    `${issuerUrl}/.well-known/openid-configuration`,
  ];
  const answers = await Promise.all(asked.map(isWell));
  return answers.every(Boolean);
}

async function isWell(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answersWithinMs) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
