// What clients and handlers derive from a generated service definition: the kind and the messages of every rpc.

/** One rpc of a definition made by ts-proto with outputServices=grpc-js. */
export interface MethodDefinition<Request, Response> {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseSerialize: (value: Response) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

interface AnyMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A whole generated definition, for example PoolServiceService. */
export type ServiceShape = Readonly<Record<string, AnyMethod>>;

export type RequestOf<M> = M extends { readonly requestDeserialize: (bytes: Buffer) => infer Request }
  ? Request
  : never;
export type ResponseOf<M> = M extends { readonly responseDeserialize: (bytes: Buffer) => infer Response }
  ? Response
  : never;

/** Picks by the kind of an rpc. */
export type ByKind<M, Unary, ServerStream, ClientStream, Bidi> = M extends {
  readonly requestStream: false;
  readonly responseStream: false;
}
  ? Unary
  : M extends { readonly requestStream: false; readonly responseStream: true }
    ? ServerStream
    : M extends { readonly requestStream: true; readonly responseStream: false }
      ? ClientStream
      : Bidi;
