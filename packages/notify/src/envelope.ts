// The body of a notification: a CloudEvents 1.0 event in the JSON format (github.com/cloudevents/spec).
import type { NotifyDelivery } from './types.ts';

const EVENT_TYPE = 'io.guardcell.alert.v1';
export const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** The JSON text that is signed and sent; the same for every attempt. */
export function envelopeOf(delivery: NotifyDelivery): string {
  const { alert } = delivery;
  return JSON.stringify({
    specversion: '1.0',
    id: delivery.id,
    type: EVENT_TYPE,
    source: `/hosts/${encodeURIComponent(alert.hostname)}`,
    subject: alert.id,
    time: alert.time,
    datacontenttype: 'application/json',
    data: { alert, response: { rule: delivery.rule, actions: delivery.actions } },
  });
}
