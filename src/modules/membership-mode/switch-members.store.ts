import type { Page } from '../../kernel/page'
import type { Statement, Transaction } from '../../platform/database'
import { SUSPENDED_BY_SWITCH } from '../members'
import { HAS_ACCOUNT, IS_LINKED } from './switch-facts.store'
import type { SwitchOutcome, SwitchPlan } from './switch-plan'

/** What a switch would mean for one member. */
export interface SwitchMember {
  memberId: string
  outcome: SwitchOutcome
}

/** One page of the members of a preview, in the order in which they came. */
export async function listSwitchMemberRows(
  tx: Transaction,
  { plan, starts, outcomes }: { plan: SwitchPlan; starts: readonly string[]; outcomes: readonly SwitchOutcome[] },
  page: Page,
): Promise<SwitchMember[]> {
  const list = plan.to === 'SSO' ? TO_SSO : TO_INVITATION
  const judgedBy = plan.to === 'SSO' ? [starts, plan.breakGlassMemberIds] : []
  const walk = [outcomes, page.cursor?.[0] ?? null, page.size + 1]
  return tx.query<SwitchMember>(list[page.direction], [plan.organizationId, ...judgedBy, ...walk])
}

/** One page of the members whom a switch has suspended and who still are for that reason, in the order in which they came. */
export async function listLockedOutRows(
  tx: Transaction,
  organizationId: string,
  switchId: string,
  page: Page,
): Promise<SwitchMember[]> {
  const values = [organizationId, switchId, SUSPENDED_BY_SWITCH, page.cursor?.[0] ?? null, page.size + 1]
  return tx.query<SwitchMember>(LOCKED_OUT[page.direction], values)
}

const OUTCOME_TO_SSO = `CASE
    WHEN m.status = 'INVITED' THEN 'INVITATION_REVOKED'
    WHEN m.status = 'SUSPENDED' THEN 'UNAFFECTED'
    WHEN m.id = ANY ($3::uuid[]) THEN 'BREAK_GLASS'
    WHEN ${IS_LINKED} THEN 'KEEP'
    ELSE 'MUST_LINK_IDENTITY' END`

const OUTCOME_TO_INVITATION = `CASE
    WHEN m.status <> 'JOINED' THEN 'UNAFFECTED'
    WHEN ${HAS_ACCOUNT} THEN 'KEEP'
    ELSE 'LOSES_ACCESS' END`

/** The offset keeps the planner from working the outcome out twice, once to filter and once to show it. */
function list(name: string, outcome: string, judgedBy: number, [comparison, order]: [string, string]): Statement {
  const [outcomes, cursor, limit] = [2, 3, 4].map((position) => `$${position + judgedBy}`)
  return {
    name: `list-switch-members-${name}`,
    text: `
SELECT "memberId", outcome FROM (
  SELECT m.id AS "memberId", ${outcome} AS outcome FROM members m
  WHERE m.organization_id = $1 AND m.status <> 'REMOVED' AND (${cursor}::uuid IS NULL OR m.id ${comparison} ${cursor})
  ORDER BY m.id ${order} OFFSET 0
) AS judged
WHERE outcome = ANY (${outcomes}::text[]) LIMIT ${limit}`,
  }
}

const FORWARDS: [string, string] = ['>', 'ASC']
const BACKWARDS: [string, string] = ['<', 'DESC']
const TO_SSO = {
  forwards: list('to-sso', OUTCOME_TO_SSO, 2, FORWARDS),
  backwards: list('to-sso-backwards', OUTCOME_TO_SSO, 2, BACKWARDS),
}
const TO_INVITATION = {
  forwards: list('to-invitation', OUTCOME_TO_INVITATION, 0, FORWARDS),
  backwards: list('to-invitation-backwards', OUTCOME_TO_INVITATION, 0, BACKWARDS),
}

function lockedOut(name: string, [comparison, order]: [string, string]): Statement {
  return {
    name: `list-locked-out-members${name}`,
    text: `
SELECT s.member_id AS "memberId", s.outcome FROM membership_mode_switch_members s
JOIN members m ON m.organization_id = s.organization_id AND m.id = s.member_id
WHERE s.organization_id = $1 AND s.switch_id = $2 AND s.status_before = 'JOINED' AND m.status = 'SUSPENDED'
  AND m.suspension_reason = $3 AND ($4::uuid IS NULL OR s.member_id ${comparison} $4)
ORDER BY s.member_id ${order} LIMIT $5`,
  }
}

const LOCKED_OUT = { forwards: lockedOut('', FORWARDS), backwards: lockedOut('-backwards', BACKWARDS) }
