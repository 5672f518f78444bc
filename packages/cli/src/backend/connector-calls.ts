import type {
  ApiAddedConnector,
  ApiConnector,
  ApiConnectorRejects,
  ApiConnectorSecret,
  ApiNewConnector,
  ApiPullReport,
} from '@timeskein/model'

/** Platforms that are pulled from. */
export interface ConnectorCalls {
  readonly connectors: {
    /** By name. */
    list(): Promise<readonly ApiConnector[]>
    get(name: string): Promise<ApiConnector>
    /** Makes one, if its credentials work. */
    add(connector: ApiNewConnector): Promise<ApiAddedConnector>
    /** What the platform says to the credentials; fails where they do not work. */
    test(name: string): Promise<string>
    /** Other credentials of the same organization, if they work; what the platform says to them. */
    setSecret(name: string, secret: ApiConnectorSecret): Promise<string>
    /** Items that were put aside, the latest first. */
    listRejects(name: string): Promise<ApiConnectorRejects>
    remove(name: string): Promise<void>
    pull(name: string, options: PullWish): Promise<ApiPullReport>
  }
}

/** How a pull is asked for. */
export interface PullWish {
  /** Where streams begin that were not read yet, or were begun later, as typed. */
  readonly since?: string
  readonly signal: AbortSignal
  /** Told of how far it is, where that can be seen. */
  readonly onProgress: (progress: {
    readonly stream: string
    readonly read: number
    readonly upTo: string | undefined
  }) => void
}
