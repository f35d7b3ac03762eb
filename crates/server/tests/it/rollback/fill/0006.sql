insert into frontdesk.organization_identities (org_id, issuer, external_id)
select o.id, 'https://ash.eu.auth0.test/', 'org_' || o.slug from frontdesk.organizations o;
insert into frontdesk.profile_identities (org_id, issuer, external_id, profile_id)
select o.id, 'https://ash.eu.auth0.test/', 'auth0|ada', '10000000-0000-4000-8000-000000000001' from frontdesk.organizations o;
