alter table frontdesk.notifications drop column contents, drop column template;
drop table frontdesk.templates;
