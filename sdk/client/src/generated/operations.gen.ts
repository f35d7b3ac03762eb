// This file is generated from openapi.json by `npm run generate`: do not edit it.
import type {
  CountInboxData,
  CountInboxResponse,
  CreateNotificationData,
  CreateNotificationResponse,
  CreateRealtimeTicketData,
  CreateRealtimeTicketResponse,
  EndCurrentSessionData,
  EndCurrentSessionResponse,
  EndSessionData,
  EndSessionResponse,
  GetMeData,
  GetMeResponse,
  GetNotificationData,
  GetNotificationResponse,
  GetTimelineData,
  GetTimelineResponse,
  ListClassesData,
  ListClassesResponse,
  ListDeadLettersData,
  ListDeadLettersResponse,
  ListDeliveriesData,
  ListDeliveriesResponse,
  ListGradesData,
  ListGradesResponse,
  ListInboxData,
  ListInboxResponse,
  ListNotificationsData,
  ListNotificationsResponse,
  ListProfilesData,
  ListProfilesResponse,
  ListRecipientsData,
  ListRecipientsResponse,
  ListSchoolsData,
  ListSchoolsResponse,
  ListSessionsData,
  ListSessionsResponse,
  OpenRealtimeData,
  PreviewAudienceData,
  PreviewAudienceResponse,
  ReadAllInboxData,
  ReadAllInboxResponse,
  RedriveDeliveriesData,
  RedriveDeliveriesResponse,
  SetInboxStatusData,
  SetInboxStatusResponse,
  StartSessionData,
  StartSessionResponse,
} from './types.gen.js';

/** Every address of the API: what it takes and what it answers. */
export interface Operations {
  'POST /v1/audiences/preview': { data: PreviewAudienceData; answer: PreviewAudienceResponse };
  'GET /v1/classes': { data: ListClassesData; answer: ListClassesResponse };
  'GET /v1/deliveries/failed': { data: ListDeadLettersData; answer: ListDeadLettersResponse };
  'POST /v1/deliveries/redrive': { data: RedriveDeliveriesData; answer: RedriveDeliveriesResponse };
  'GET /v1/grades': { data: ListGradesData; answer: ListGradesResponse };
  'GET /v1/inbox': { data: ListInboxData; answer: ListInboxResponse };
  'GET /v1/inbox/counts': { data: CountInboxData; answer: CountInboxResponse };
  'POST /v1/inbox/read-all': { data: ReadAllInboxData; answer: ReadAllInboxResponse };
  'PATCH /v1/inbox/{notification_id}': { data: SetInboxStatusData; answer: SetInboxStatusResponse };
  'GET /v1/me': { data: GetMeData; answer: GetMeResponse };
  'GET /v1/notifications': { data: ListNotificationsData; answer: ListNotificationsResponse };
  'POST /v1/notifications': { data: CreateNotificationData; answer: CreateNotificationResponse };
  'GET /v1/notifications/{id}': { data: GetNotificationData; answer: GetNotificationResponse };
  'GET /v1/notifications/{id}/deliveries': { data: ListDeliveriesData; answer: ListDeliveriesResponse };
  'GET /v1/notifications/{id}/recipients': { data: ListRecipientsData; answer: ListRecipientsResponse };
  'GET /v1/notifications/{id}/recipients/{recipient_id}/timeline': { data: GetTimelineData; answer: GetTimelineResponse };
  'GET /v1/profiles': { data: ListProfilesData; answer: ListProfilesResponse };
  'GET /v1/realtime': { data: OpenRealtimeData; answer: unknown };
  'POST /v1/realtime/tickets': { data: CreateRealtimeTicketData; answer: CreateRealtimeTicketResponse };
  'GET /v1/schools': { data: ListSchoolsData; answer: ListSchoolsResponse };
  'GET /v1/sessions': { data: ListSessionsData; answer: ListSessionsResponse };
  'POST /v1/sessions': { data: StartSessionData; answer: StartSessionResponse };
  'DELETE /v1/sessions/current': { data: EndCurrentSessionData; answer: EndCurrentSessionResponse };
  'DELETE /v1/sessions/{id}': { data: EndSessionData; answer: EndSessionResponse };
}

/** The addresses that take an `Idempotency-Key`. */
export const REPEATABLE: readonly string[] = ['POST /v1/notifications'];
