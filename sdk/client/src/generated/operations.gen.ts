// This file is generated from openapi.json by `npm run generate`: do not edit it.
import type {
  AcknowledgeNotificationData,
  AcknowledgeNotificationResponse,
  CancelNotificationData,
  CancelNotificationResponse,
  ChangePreferenceDefaultsData,
  ChangePreferenceDefaultsResponse,
  ChangePreferencesData,
  ChangePreferencesResponse,
  CountInboxData,
  CountInboxResponse,
  CreateNotificationData,
  CreateNotificationResponse,
  CreateNotificationsData,
  CreateNotificationsResponse,
  CreateRealtimeTicketData,
  CreateRealtimeTicketResponse,
  DeletePolicyData,
  DeletePolicyResponse,
  DeleteTemplateData,
  DeleteTemplateResponse,
  EditNotificationData,
  EditNotificationResponse,
  EndCurrentSessionData,
  EndCurrentSessionResponse,
  EndSessionData,
  EndSessionResponse,
  GetMeData,
  GetMeResponse,
  GetNotificationData,
  GetNotificationResponse,
  GetPreferenceDefaultsData,
  GetPreferenceDefaultsResponse,
  GetPreferencesData,
  GetPreferencesResponse,
  GetPushKeyData,
  GetPushKeyResponse,
  GetTemplateData,
  GetTemplateResponse,
  GetTimelineData,
  GetTimelineResponse,
  LiftSuppressionData,
  LiftSuppressionResponse,
  ListClassesData,
  ListClassesResponse,
  ListDeadLettersData,
  ListDeadLettersResponse,
  ListDeliveriesData,
  ListDeliveriesResponse,
  ListDevicesData,
  ListDevicesResponse,
  ListGradesData,
  ListGradesResponse,
  ListHistoryData,
  ListHistoryResponse,
  ListInboxData,
  ListInboxResponse,
  ListNotificationsData,
  ListNotificationsResponse,
  ListPoliciesData,
  ListPoliciesResponse,
  ListProfilesData,
  ListProfilesResponse,
  ListRecipientsData,
  ListRecipientsResponse,
  ListSchoolsData,
  ListSchoolsResponse,
  ListSessionsData,
  ListSessionsResponse,
  ListSuppressionsData,
  ListSuppressionsResponse,
  ListTemplatesData,
  ListTemplatesResponse,
  MarkInboxData,
  MarkInboxResponse,
  MarkInboxSeenData,
  MarkInboxSeenResponse,
  OpenRealtimeData,
  PreviewAudienceData,
  PreviewAudienceResponse,
  PreviewTemplateData,
  PreviewTemplateResponse,
  PutPolicyData,
  PutPolicyResponse,
  PutTemplateData,
  PutTemplateResponse,
  ReadAllInboxData,
  ReadAllInboxResponse,
  RedriveDeliveriesData,
  RedriveDeliveriesResponse,
  RegisterDeviceData,
  RegisterDeviceResponse,
  RemoveDeviceData,
  RemoveDeviceResponse,
  SendNotificationData,
  SendNotificationResponse,
  SetInboxStatusData,
  SetInboxStatusResponse,
  ShowUnsubscribeData,
  StartSessionData,
  StartSessionResponse,
  UnsubscribeData,
} from './types.gen.js';

/** Every address of the API: what it takes and what it answers. */
export interface Operations {
  'POST /v1/audiences/preview': { data: PreviewAudienceData; answer: PreviewAudienceResponse };
  'GET /v1/classes': { data: ListClassesData; answer: ListClassesResponse };
  'GET /v1/deliveries/failed': { data: ListDeadLettersData; answer: ListDeadLettersResponse };
  'POST /v1/deliveries/redrive': { data: RedriveDeliveriesData; answer: RedriveDeliveriesResponse };
  'GET /v1/devices': { data: ListDevicesData; answer: ListDevicesResponse };
  'POST /v1/devices': { data: RegisterDeviceData; answer: RegisterDeviceResponse };
  'GET /v1/devices/push-key': { data: GetPushKeyData; answer: GetPushKeyResponse };
  'DELETE /v1/devices/{id}': { data: RemoveDeviceData; answer: RemoveDeviceResponse };
  'GET /v1/grades': { data: ListGradesData; answer: ListGradesResponse };
  'GET /v1/inbox': { data: ListInboxData; answer: ListInboxResponse };
  'GET /v1/inbox/counts': { data: CountInboxData; answer: CountInboxResponse };
  'POST /v1/inbox/mark': { data: MarkInboxData; answer: MarkInboxResponse };
  'POST /v1/inbox/read-all': { data: ReadAllInboxData; answer: ReadAllInboxResponse };
  'POST /v1/inbox/seen': { data: MarkInboxSeenData; answer: MarkInboxSeenResponse };
  'PATCH /v1/inbox/{notification_id}': { data: SetInboxStatusData; answer: SetInboxStatusResponse };
  'POST /v1/inbox/{notification_id}/acknowledge': { data: AcknowledgeNotificationData; answer: AcknowledgeNotificationResponse };
  'GET /v1/me': { data: GetMeData; answer: GetMeResponse };
  'GET /v1/notifications': { data: ListNotificationsData; answer: ListNotificationsResponse };
  'POST /v1/notifications': { data: CreateNotificationData; answer: CreateNotificationResponse };
  'POST /v1/notifications/bulk': { data: CreateNotificationsData; answer: CreateNotificationsResponse };
  'GET /v1/notifications/{id}': { data: GetNotificationData; answer: GetNotificationResponse };
  'PATCH /v1/notifications/{id}': { data: EditNotificationData; answer: EditNotificationResponse };
  'POST /v1/notifications/{id}/cancel': { data: CancelNotificationData; answer: CancelNotificationResponse };
  'GET /v1/notifications/{id}/deliveries': { data: ListDeliveriesData; answer: ListDeliveriesResponse };
  'GET /v1/notifications/{id}/history': { data: ListHistoryData; answer: ListHistoryResponse };
  'GET /v1/notifications/{id}/recipients': { data: ListRecipientsData; answer: ListRecipientsResponse };
  'GET /v1/notifications/{id}/recipients/{recipient_id}/timeline': { data: GetTimelineData; answer: GetTimelineResponse };
  'POST /v1/notifications/{id}/send': { data: SendNotificationData; answer: SendNotificationResponse };
  'GET /v1/policies': { data: ListPoliciesData; answer: ListPoliciesResponse };
  'PUT /v1/policies/{category}': { data: PutPolicyData; answer: PutPolicyResponse };
  'DELETE /v1/policies/{category}': { data: DeletePolicyData; answer: DeletePolicyResponse };
  'GET /v1/preferences': { data: GetPreferencesData; answer: GetPreferencesResponse };
  'PATCH /v1/preferences': { data: ChangePreferencesData; answer: ChangePreferencesResponse };
  'GET /v1/preferences/defaults': { data: GetPreferenceDefaultsData; answer: GetPreferenceDefaultsResponse };
  'PATCH /v1/preferences/defaults': { data: ChangePreferenceDefaultsData; answer: ChangePreferenceDefaultsResponse };
  'GET /v1/profiles': { data: ListProfilesData; answer: ListProfilesResponse };
  'GET /v1/realtime': { data: OpenRealtimeData; answer: unknown };
  'POST /v1/realtime/tickets': { data: CreateRealtimeTicketData; answer: CreateRealtimeTicketResponse };
  'GET /v1/schools': { data: ListSchoolsData; answer: ListSchoolsResponse };
  'GET /v1/sessions': { data: ListSessionsData; answer: ListSessionsResponse };
  'POST /v1/sessions': { data: StartSessionData; answer: StartSessionResponse };
  'DELETE /v1/sessions/current': { data: EndCurrentSessionData; answer: EndCurrentSessionResponse };
  'DELETE /v1/sessions/{id}': { data: EndSessionData; answer: EndSessionResponse };
  'GET /v1/suppressions': { data: ListSuppressionsData; answer: ListSuppressionsResponse };
  'DELETE /v1/suppressions': { data: LiftSuppressionData; answer: LiftSuppressionResponse };
  'GET /v1/templates': { data: ListTemplatesData; answer: ListTemplatesResponse };
  'GET /v1/templates/{key}': { data: GetTemplateData; answer: GetTemplateResponse };
  'PUT /v1/templates/{key}': { data: PutTemplateData; answer: PutTemplateResponse };
  'DELETE /v1/templates/{key}': { data: DeleteTemplateData; answer: DeleteTemplateResponse };
  'POST /v1/templates/{key}/preview': { data: PreviewTemplateData; answer: PreviewTemplateResponse };
  'GET /v1/unsubscribe/{token}': { data: ShowUnsubscribeData; answer: unknown };
  'POST /v1/unsubscribe/{token}': { data: UnsubscribeData; answer: unknown };
}

/** The addresses that take an `Idempotency-Key`. */
export const REPEATABLE: readonly string[] = ['POST /v1/notifications', 'POST /v1/notifications/bulk'];
