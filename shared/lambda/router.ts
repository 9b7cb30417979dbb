/** One Lambda serves all routes of an audience. The build writes its table of routes from the path. */
import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { DomainError } from '#domain/errors.ts';
import type { Role } from './caller.ts';
import { answered, type HttpEvent, type RouteHandler } from './http.ts';

export interface RouterEntry {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly roles: readonly Role[] | 'open';
  readonly handler: RouteHandler;
}

const unknownRoute = (): never => {
  throw new DomainError('request/unknown-route');
};

/** The handler of an audience's Lambda. */
export const router = (entries: readonly RouterEntry[]) =>
  middy<HttpEvent, APIGatewayProxyStructuredResultV2>()
    .onError(async (request) => {
      const { error } = request;
      request.response = await answered(request.event, () => Promise.reject(error));
    })
    .handler(
      httpRouter<HttpEvent, APIGatewayProxyStructuredResultV2>({
        routes: entries.map(({ method, path, roles, handler }) => ({
          method,
          path,
          handler: (event: HttpEvent) => answered(event, () => handler(event, roles)),
        })),
        notFoundResponse: unknownRoute,
      }),
    );
