import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger';
import { targetConstructorToSchema } from 'class-validator-jsonschema';

type Named = Readonly<Record<string, unknown>>;

/** Documents each parameter of a handler's query class, from the rules that check it. */
export const documentQuery: MethodDecorator = (target, name, descriptor) => {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, name) ?? {}) as Named;
  const types = (Reflect.getMetadata('design:paramtypes', target, name) ?? []) as unknown[];
  for (const [key, argument] of Object.entries(args)) {
    const { index, data } = argument as { index: number; data?: unknown };
    const type = types[index];
    if (!key.startsWith(`${RouteParamtypes.QUERY}:`) || data !== undefined || typeof type !== 'function') continue;
    const { properties = {}, required = [] } = targetConstructorToSchema(type);
    for (const [parameter, schema] of Object.entries(properties)) {
      const options = { name: parameter, required: required.includes(parameter), schema } as ApiQueryOptions;
      ApiQuery(options)(target, name, descriptor);
    }
  }
};
