import { SettingsError } from '#settings';
import { faultOf } from './logging.ts';
import { createService, type Service, type ServiceOptions } from './service.ts';

/**
 * Runs a service for the life of this process: SIGTERM and SIGINT stop it in order, then the process ends with 0. A
 * service that cannot start says why in one line and ends with 1.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  try {
    const service = await createService(options);
    stopOnSignals(service);
    await service.listen();
  } catch (error) {
    process.stderr.write(`${whyNot(options.name, error)}\n`);
    process.exit(1);
  }
}

const whyNot = (name: string, error: unknown): string => {
  if (error instanceof SettingsError) return error.faults.map((fault) => `SettingsError: ${name}: ${fault}`).join('\n');
  return error instanceof Error
    ? `${error.name}: ${name} cannot start: ${error.message}`
    : `Error: ${name} cannot start.`;
};

function stopOnSignals(service: Service): void {
  let stopping = false;
  const stop = (code: number) => {
    if (stopping) return;
    stopping = true;
    void service.stop().then(
      (failed) => {
        if (failed.length > 0) service.log.error({ failed }, 'not closed');
        service.log.info('stopped');
        process.exit(failed.length > 0 ? 1 : code);
      },
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(0);
    });
  }
  // A fault outside of any request leaves a state that nobody knows: stop, and let a new process begin.
  const fatal = (error: unknown) => {
    service.log.fatal({ fault: faultOf(error) }, 'fault outside of a request');
    stop(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
}
