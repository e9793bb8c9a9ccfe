import { CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { createAlarms } from "../constructs/alarms.ts";
import { createAlertQueues } from "../constructs/alert-queues.ts";
import { ApiGatewayLogging } from "../constructs/api-gateway-logging.ts";
import { AttachmentsBucket } from "../constructs/attachments-bucket.ts";
import { AnchorsBucket, ExportsBucket } from "../constructs/audit-buckets.ts";
import { AuditTrail } from "../constructs/audit-trail.ts";
import { createDeliveryEvents } from "../constructs/delivery-events.ts";
import { EmailSending } from "../constructs/email-sending.ts";
import { Firewall } from "../constructs/firewall.ts";
import * as functions from "../constructs/functions.ts";
import { ImportsBucket } from "../constructs/imports-bucket.ts";
import { createInboundTexts } from "../constructs/inbound-texts.ts";
import { createKeys } from "../constructs/keys.ts";
import { MissedInvocations } from "../constructs/missed-invocations.ts";
import { PortalApi } from "../constructs/portal-api.ts";
import { errorPage, errorPageHeaders } from "../constructs/portal-error-pages.ts";
import { AccessLogsBucket } from "../constructs/record-bucket.ts";
import { SecondReading } from "../constructs/second-reading.ts";
import { StaffApi } from "../constructs/staff-api.ts";
import { StaffDirectory } from "../constructs/staff-directory.ts";
import { createTables } from "../constructs/tables.ts";
import { TextSending } from "../constructs/text-sending.ts";
import { linkKeyIds, linkLifetimeSeconds } from "../link-settings.ts";
import { brandColours, practiceBrand } from "../practice-brand.ts";
import { requireTellingNothing } from "../practice-identity.ts";
import { practiceWording } from "../practice-wording.ts";
import { secondReaderModel } from "../second-reader.ts";
import type { StageSettings } from "../stages.ts";
import { textBudget } from "../text-budget.ts";
import { textNumbers } from "../text-numbers.ts";

/** Id of the stack and name of its template. */
export const STACK_NAME = "Foundphone";

const PORTAL_REQUESTS_PER_ADDRESS = 1_000;
// A practice behind one address, with its scheduler's imports.
const STAFF_REQUESTS_PER_ADDRESS = 10_000;

/** The whole system in one template (decisions/0001-one-stack.md). */
export class FoundphoneStack extends Stack {
  constructor(scope: Construct, settings: StageSettings) {
    super(scope, STACK_NAME, {
      env: { account: settings.account, region: settings.region },
      description: "Foundphone: alert-only texts to patients, content behind signed links",
      terminationProtection: true,
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    });
    const { stage, practice, domain } = settings;
    const { partsMax } = textBudget(settings);
    requireTellingNothing(settings);
    const readerModel = secondReaderModel(settings);

    const keys = createKeys(this, linkKeyIds(settings));
    const logs = { key: keys.data, retentionDays: settings.logRetentionDays };
    const tables = createTables(this, keys);
    const accessLogs = new AccessLogsBucket(this, "BucketAccessLogs");
    const buckets = { key: keys.audit, accessLogs };
    const anchors = new AnchorsBucket(this, "Anchors", { ...buckets, lock: settings.anchorLock });
    const exports = new ExportsBucket(this, "Exports", buckets);
    const queues = createAlertQueues(this, keys);
    const deliveryEvents = createDeliveryEvents(this, keys);
    const inboundTexts = createInboundTexts(this, keys);
    const missed = new MissedInvocations(this, "MissedReminds", { key: keys.events });
    const textSending = new TextSending(this, "TextSending", {
      originationIdentityArn: settings.originationIdentityArn,
      textsPerSecond: settings.textsPerSecond,
      selfManagedOptOuts: settings.optOuts === "self-managed",
      events: deliveryEvents.topic,
    });
    const emailSending =
      settings.email === undefined
        ? undefined
        : new EmailSending(this, "EmailSending", {
            settings: settings.email,
            keys,
            events: deliveryEvents.queue,
          });
    const staffDirectory = new StaffDirectory(this, "StaffDirectory", {
      passwordSignIn: settings.passwordSignIn,
      domainPrefix: `foundphone-${stage}-${settings.account}`,
    });
    const logging = new ApiGatewayLogging(this, "ApiGatewayLogging");
    const brand = practiceBrand(practice.brand);
    const pageOwner = { ...practice, colours: brandColours(brand) };
    const portalApi = new PortalApi(this, "PortalApi", {
      owner: pageOwner,
      logs,
      logging,
      ...(domain === undefined ? {} : { domain }),
    });
    const attachments = new AttachmentsBucket(this, "Attachments", {
      keys,
      accessLogs,
      portalOrigin: portalApi.origin,
    });

    const imports = new ImportsBucket(this, "Imports", { keys, accessLogs });

    const resources: functions.Resources = {
      logs,
      keys,
      tables,
      queues,
      deliveryEvents,
      inboundTexts,
      textSending,
      emailSending,
      staffDirectory,
      portalApi,
      anchors,
      exports,
      attachments,
      imports,
      missed,
      practice,
      brand,
      optOuts: { regime: settings.optOuts, scope: settings.optOutScope ?? "all" },
      textPartsMax: partsMax,
      textNumbers: textNumbers(settings),
      linkLifetimeSeconds: linkLifetimeSeconds(settings),
      wording: practiceWording(settings.wording),
      secondReading: readerModel === undefined ? undefined : new SecondReading(this, readerModel),
    };
    const sendAlert = functions.createSendAlert(this, resources);
    const portal = functions.createPortal(this, resources);
    const recordDelivery = functions.createRecordDelivery(this, resources);
    const reconcileOptOuts = functions.createReconcileOptOuts(this, resources);
    const receiveText = functions.createReceiveText(this, resources);
    const remind = functions.createRemind(this, resources);
    const checkAttachment = functions.createCheckAttachment(this, resources);
    const importRecords = functions.createImportRecords(this, resources);
    const anchor = functions.createAnchor(this, resources);
    const staffFunctions = {
      authorize: functions.createAuthorize(this, resources),
      "service-info": functions.createServiceInfo(this, resources),
      patients: functions.createPatients(this, resources),
      consents: functions.createConsents(this, resources),
      classifications: functions.createClassifications(this, resources),
      messages: functions.createMessages(this, resources),
      threads: functions.createThreads(this, resources),
      attachments: functions.createAttachments(this, resources),
      tasks: functions.createTasks(this, resources),
      appointments: functions.createAppointments(this, resources),
      practice: functions.createPractice(this, resources),
      "export-audit": functions.createExportAudit(this, resources),
      audit: functions.createAudit(this, resources),
    };
    portalApi.serve(portal);
    const staffApi = new StaffApi(this, "StaffApi", { logs, logging, functions: staffFunctions });

    const firewalls = {
      portal: new Firewall(this, "PortalFirewall", {
        stage: portalApi.api.deploymentStage,
        logs,
        logGroupName: `aws-waf-logs-foundphone-${stage}-portal`,
        metricName: "FoundphonePortal",
        requestsPerAddressMax: PORTAL_REQUESTS_PER_ADDRESS,
        rateLimitedPage: { html: errorPage(pageOwner, "tooMany"), headers: errorPageHeaders(pageOwner) },
      }),
      staff: new Firewall(this, "StaffFirewall", {
        stage: staffApi.api.deploymentStage,
        logs,
        logGroupName: `aws-waf-logs-foundphone-${stage}-staff`,
        metricName: "FoundphoneStaff",
        requestsPerAddressMax: STAFF_REQUESTS_PER_ADDRESS,
      }),
    };
    const trail = new AuditTrail(this, "AuditTrail", {
      key: keys.audit,
      trailName: `foundphone-${stage}`,
      tableArns: Object.values(tables).map((table) => table.arn),
      bucketArns: [anchors.arn, exports.arn, attachments.arn, imports.arn],
      lock: settings.trailLock,
      logRetentionDays: settings.logRetentionDays,
    });
    const alarmTopic = createAlarms(this, {
      key: keys.data,
      functions: [
        sendAlert,
        portal,
        recordDelivery,
        reconcileOptOuts,
        receiveText,
        remind,
        checkAttachment,
        importRecords,
        anchor,
        ...Object.values(staffFunctions),
      ],
      sendAlert,
      portal,
      remind,
      anchor,
      secondReaders:
        readerModel === undefined ? [] : [staffFunctions.messages, staffFunctions.classifications],
      deliveryEvents,
      missed,
      queues: {
        UrgentAlerts: queues.urgent,
        BulkAlerts: queues.bulk,
        DeliveryEvents: deliveryEvents.queue,
        InboundTexts: inboundTexts.queue,
        AttachmentArrivals: attachments.arrivals,
        ImportArrivals: imports.arrivals,
      },
      apis: { StaffApi: staffApi.api, PortalApi: portalApi.api },
      firewalls: { StaffFirewall: firewalls.staff, PortalFirewall: firewalls.portal },
      trail,
    });

    // Someone on duty must subscribe.
    new CfnOutput(this, "AlarmTopicArn", { value: alarmTopic.topicArn });
    // For the alias record of the portal's host, whose zone is not ours.
    if (portalApi.aliasTarget !== undefined) {
      new CfnOutput(this, "PortalAliasTarget", { value: portalApi.aliasTarget });
    }
    // What must be set on the registered number, which CloudFormation cannot do.
    new CfnOutput(this, "NumberTwoWayChannelArn", { value: inboundTexts.topic.arn });
    new CfnOutput(this, "NumberOptOutListName", { value: textSending.optOutListName });
    // For another scheduler than the stack's own rule (functions/remind/README.md).
    new CfnOutput(this, "RemindFunctionArn", { value: remind.function.functionArn });
    new CfnOutput(this, "NumberSelfManagedOptOuts", { value: String(settings.optOuts === "self-managed") });
  }
}
