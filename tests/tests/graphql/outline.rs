//! The contract, in outline: what clients rely on. `Type.field(arguments): Type`; `= value` is a default.
//! More fields are welcome, none of these may go or change its type.

/// Objects with their fields.
pub const OBJECTS: &str = "
Query.registry(channel: Channel! = ONLINE, validAt: DateTime, knownAt: DateTime): Registry!
Query.entry(register: Register!, code: String!): Entry
Query.node(id: ID!): Node
Query.inbox(first: Int!, after: String): EntryConnection!
Query.contentSchema(register: Register!): JSON!
Query.calendar(year: Int!): CalendarYear
Query.deadlineRules: [DeadlineRule!]!

CalendarYear.year: Int!
CalendarYear.days: [CalendarDay!]!
CalendarYear.papers: [String!]!
CalendarDay.date: Date!
CalendarDay.kind: DayKind!
CalendarDay.name: String

Mutation.draft(input: DraftInput!): EntryPayload!
Mutation.revise(input: ReviseInput!): EntryPayload!
Mutation.submit(input: StepInput!): EntryPayload!
Mutation.review(input: ReviewInput!): EntryPayload!
Mutation.approve(input: ApproveInput!): EntryPayload!
Mutation.return(input: ReasonInput!): EntryPayload!
Mutation.withdraw(input: ReasonInput!): EntryPayload!
Mutation.suspend(input: ReasonInput!): EntryPayload!
Mutation.resume(input: StepInput!): EntryPayload!
Mutation.repeal(input: RepealInput!): EntryPayload!
Mutation.correct(input: CorrectInput!): EntryPayload!
EntryPayload.status: CommandStatus!
EntryPayload.entry: Entry
EntryPayload.refusal: Refusal
EntryPayload.position: Position
EntryPayload.conflict: Conflict
Conflict.actualVersion: Int
Conflict.changes: [Change!]!
Refusal.code: String!
Refusal.message: String!
Refusal.field: String
Refusal.rule: String

Registry.channel: Channel!
Registry.position: Position
Registry.knownAt: DateTime
Registry.validAt: DateTime!
Registry.agency(code: String!): Agency
Registry.agencies(text: String, first: Int!, after: String): AgencyConnection!
Registry.item(code: String!): Item
Registry.items(filter: ItemFilter, first: Int!, after: String): ItemConnection!
Registry.guide(code: String!): Guide
Registry.guides(filter: GuideFilter, first: Int!, after: String): GuideConnection!
Registry.material(code: String!): Material

Agency.id: ID!
Agency.code: String!
Agency.name: String!
Agency.level: Level
Agency.region: String
Agency.parent: Agency
Agency.items(filter: ItemFilter, first: Int!, after: String): ItemConnection!
Agency.counts: [TypeCount!]!
Agency.formerNames: [String!]!
TypeCount.type: ItemType!
TypeCount.count: Int!

Item.id: ID!
Item.code: String!
Item.name: String!
Item.list: ItemList!
Item.type: ItemType!
Item.level: Level
Item.agency: Agency!
Item.undertakingOffice: String
Item.authority: String
Item.legalBases: [LegalBasis!]!
Item.duties: [Duty!]!
Item.accountability: Accountability
Item.parent: Item
Item.children(first: Int!, after: String): ItemConnection!
Item.guides: [Guide!]!
Item.openness: Openness!
Item.revision: Revision!
Item.upcoming: [Upcoming!]!
Item.source: Source

LegalBasis.category: String
LegalBasis.title: String!
LegalBasis.documentNumber: String
LegalBasis.article: String
LegalBasis.text: String
Duty.stage: String
Duty.content: String!
Duty.basis: [LegalBasis!]!

Guide.id: ID!
Guide.code: String!
Guide.name: String!
Guide.item: Item!
Guide.agency: Agency!
Guide.audience: [Audience!]!
Guide.topics: [String!]!
Guide.caseKind: CaseKind
Guide.statutoryLimit: TimeLimit
Guide.promisedLimit: TimeLimit
Guide.conditions: String
Guide.situations: [Situation!]!
Guide.materials(situations: [String!]): [MaterialRequirement!]!
Guide.steps: [Step!]!
Guide.fees: [Fee!]!
Guide.results: [Outcome!]!
Guide.places: [Place!]!
Guide.consult: [Contact!]!
Guide.complain: [Contact!]!
Guide.online: OnlineService
Guide.visits: Int
Guide.visitReason: String
Guide.delivery: Boolean
Guide.faqs: [Faq!]!
Guide.legalBases: [LegalBasis!]!
Guide.openness: Openness!
Guide.revision: Revision!
Guide.upcoming: [Upcoming!]!
Guide.source: Source
Guide.clerkNotes: String

TimeLimit.amount: Int!
TimeLimit.unit: TimeUnit!
TimeLimit.note: String
MaterialRequirement.name: String!
MaterialRequirement.necessity: Necessity!
MaterialRequirement.forms: [String!]!
MaterialRequirement.copies: Int
MaterialRequirement.source: String
MaterialRequirement.note: String
MaterialRequirement.material: Material
MaterialRequirement.situations: [String!]!

Revision.number: Int!
Revision.effectiveFrom: DateTime!
Revision.effectiveUntil: DateTime
Revision.approvedAt: DateTime!
Revision.documentNumber: String
Revision.contentHash: Hash!
Upcoming.revision: Revision!
Upcoming.changes: [FieldChange!]!
Upcoming.repeal: Boolean!
FieldChange.path: String!
FieldChange.label: String!
FieldChange.before: JSON
FieldChange.after: JSON

Entry.id: ID!
Entry.register: Register!
Entry.code: String!
Entry.name: String!
Entry.stage: Stage!
Entry.streamVersion: Int!
Entry.revisions(first: Int!, after: String): RevisionRecordConnection!
Entry.history(first: Int!, after: String): ChangeConnection!
Entry.findings: [Finding!]!
Entry.deadlines: [Deadline!]!
Deadline.rule: String!
Deadline.article: String!
Deadline.status: DeadlineStatus!
Deadline.dueAt: DateTime
Deadline.missing: [DeadlineAct!]!
Entry.receipts: [Receipt!]!
Receipt.channel: Channel!
Receipt.revision: Int!
Receipt.contentHash: Hash!
Receipt.servedAt: DateTime!
Receipt.dueAt: DateTime!
Receipt.inTime: Boolean!
Change.position: Position!
Change.at: DateTime!
Change.actor: Actor!
Change.kind: String!
Change.summary: String!
Change.changes: [FieldChange!]!
Change.document: String
Change.reason: String
Finding.code: String!
Finding.severity: Severity!
Finding.path: String!
Finding.message: String!
";

/// Inputs with their fields.
pub const INPUTS: &str = "
ItemFilter.agency: String
ItemFilter.list: ItemList
ItemFilter.type: ItemType
ItemFilter.level: Level
ItemFilter.region: String
ItemFilter.text: String
GuideFilter.agency: String
GuideFilter.item: String
GuideFilter.audience: Audience
GuideFilter.topic: String
GuideFilter.online: Boolean
GuideFilter.text: String
DraftInput.commandId: UUID!
DraftInput.register: Register!
DraftInput.code: String
DraftInput.expectedVersion: Int
DraftInput.content: JSON!
ReviseInput.commandId: UUID!
ReviseInput.register: Register!
ReviseInput.code: String!
ReviseInput.expectedVersion: Int!
ReviseInput.content: JSON!
StepInput.commandId: UUID!
StepInput.register: Register!
StepInput.code: String!
StepInput.expectedVersion: Int!
ReviewInput.commandId: UUID!
ReviewInput.register: Register!
ReviewInput.code: String!
ReviewInput.expectedVersion: Int!
ReviewInput.contentHash: Hash!
ReviewInput.revision: Int
ApproveInput.commandId: UUID!
ApproveInput.register: Register!
ApproveInput.code: String!
ApproveInput.expectedVersion: Int!
ApproveInput.contentHash: Hash!
ApproveInput.documentNumber: String!
ApproveInput.effectiveFrom: DateTime
ReasonInput.commandId: UUID!
ReasonInput.register: Register!
ReasonInput.code: String!
ReasonInput.expectedVersion: Int!
ReasonInput.reason: String!
ReasonInput.until: DateTime
RepealInput.commandId: UUID!
RepealInput.register: Register!
RepealInput.code: String!
RepealInput.expectedVersion: Int!
RepealInput.reason: String!
RepealInput.documentNumber: String
RepealInput.effectiveFrom: DateTime
RepealInput.replacedBy: String
CorrectInput.commandId: UUID!
CorrectInput.register: Register!
CorrectInput.code: String!
CorrectInput.expectedVersion: Int!
CorrectInput.content: JSON!
CorrectInput.reason: String!
CorrectInput.documentNumber: String
CorrectInput.effectiveFrom: DateTime
";

/// Enumerations with their values.
pub const ENUMERATIONS: &str = "
Channel: ONLINE COUNTER
Register: AGENCY ITEM GUIDE MATERIAL OPENNESS
ItemList: POWER SERVICE
ItemType: PERMISSION PENALTY COERCION LEVY BENEFIT INSPECTION CONFIRMATION REWARD ADJUDICATION OTHER_POWER PUBLIC_SERVICE
Level: NATIONAL PROVINCE CITY COUNTY TOWNSHIP VILLAGE
Openness: ACTIVE PARTIAL ON_REQUEST NOT_DISCLOSED
DeadlineStatus: DUE ENDED FULFILLED_IN_TIME FULFILLED_LATE OVERDUE UNKNOWN WAITING
DayKind: WORKING WEEKEND HOLIDAY MAKE_UP UNKNOWN
TimeUnit: WORKING_DAY CALENDAR_DAY HOUR IMMEDIATE
CommandStatus: APPLIED UNCHANGED REFUSED CONFLICT UNKNOWN
";

/// What can be asked for by the id of a node.
pub const NODES: [&str; 7] = ["Agency", "CatalogueEntry", "ChangeSet", "Entry", "Guide", "Item", "Material"];
