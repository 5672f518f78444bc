/** An alert as a message tells of it. */
export interface WebhookAlert {
  /** 32 hex digits. */
  readonly uid: string
  readonly title: string
  /** 0 to 100. */
  readonly severity: number
  readonly host: string | undefined
  readonly createdAtMs: number
}

/** Writes the JSON that a webhook is sent, in the words of the API that has webhooks. @param organisation - Whose alerts they are. */
export type WriteWebhookMessage = (
  alerts: readonly WebhookAlert[],
  organisation: { readonly uid: string; readonly name: string },
) => object
