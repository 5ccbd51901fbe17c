//! What the acts on tickets take.

use async_graphql::{Context, ID, InputObject};

use super::enums::{
    AppointmentOutcome, CallBackOutcome, HoldReason, TicketChannel, TicketKind, TicketPriority, Visibility,
};
use crate::domain::Result;
use crate::domain::ticket::{Appointment, CalledBack, Dispatch, File, Hold, Place, Rating, Reporter, Target};
use crate::graphql::attachment::given;
use crate::graphql::error::{id, maybe_id};
use crate::graphql::scalar::DateTime;
use crate::graphql::upload::Upload;

/// What is raised.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TicketFileInput {
    /// Sent again with the same key, the same ticket is answered and none is made. Make one for each draft.
    pub(super) idempotency_key: Option<String>,
    /// What sort of matter it is.
    kind: TicketKind,
    /// How it came in. For residents it is APP or WEB, whatever is given.
    #[graphql(default_with = "TicketChannel::App")]
    channel: TicketChannel,
    /// The matter, in words; at most 4,000 characters.
    description: String,
    /// Its category, which also gives the priority.
    category_id: Option<ID>,
    /// How fast it must go; staff only.
    priority: Option<TicketPriority>,
    /// The community; it can be left out when a building or a unit is given.
    community_id: Option<ID>,
    /// The building; it can be left out when a unit is given.
    building_id: Option<ID>,
    /// The unit.
    unit_id: Option<ID>,
    /// The place in words; needed when neither a building nor a unit is given.
    place: Option<String>,
    /// The occupant whose matter it is. Residents leave it out: they report for themselves.
    reporter_id: Option<ID>,
    /// The name of a caller who is nobody's occupant.
    contact_name: Option<String>,
    /// Their telephone number.
    contact_phone: Option<String>,
    /// A COMPLAINT about this member of staff; they and those who answer to them will not see it.
    about_staff_id: Option<ID>,
    /// A COMPLAINT about this team.
    about_team_id: Option<ID>,
    /// A COMPLAINT about the people of this unit, who never learn who complained.
    about_unit_id: Option<ID>,
    /// The ended ticket that it takes up again.
    previous_id: Option<ID>,
    /// Photos and documents that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
    attachment_ids: Option<Vec<ID>>,
    /// Photos and documents that come with this request, as `multipart/form-data`.
    files: Option<Vec<Upload>>,
}

impl TicketFileInput {
    pub(super) fn read(self, ctx: &Context<'_>) -> Result<File> {
        let attachments = given(ctx, self.attachment_ids.as_deref(), self.files.as_deref())?;
        Ok(File {
            kind: self.kind.into(),
            channel: self.channel.into(),
            description: self.description,
            category: maybe_id("input.categoryId", self.category_id.as_ref())?,
            priority: self.priority.map(Into::into),
            place: Place {
                community: maybe_id("input.communityId", self.community_id.as_ref())?,
                building: maybe_id("input.buildingId", self.building_id.as_ref())?,
                unit: maybe_id("input.unitId", self.unit_id.as_ref())?,
                words: self.place,
            },
            reporter: Reporter {
                occupant: maybe_id("input.reporterId", self.reporter_id.as_ref())?,
                contact_name: self.contact_name,
                contact_phone: self.contact_phone,
            },
            about_staff: maybe_id("input.aboutStaffId", self.about_staff_id.as_ref())?,
            about_team: maybe_id("input.aboutTeamId", self.about_team_id.as_ref())?,
            about_unit: maybe_id("input.aboutUnitId", self.about_unit_id.as_ref())?,
            previous: maybe_id("input.previousId", self.previous_id.as_ref())?,
            attachments,
        })
    }
}

fn target(field: &str, given: &ID, expected_version: Option<i32>) -> Result<Target> {
    Ok(Target { id: id(field, given)?, expected_version, field: field.into() })
}

/// Declares the inputs of acts: each begins with the ticket and the version that the client saw.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub(super) struct $name {
            /// The ticket.
            pub(super) id: ID,
            /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
            pub(super) expected_version: Option<i32>,
            $($(#[$field_doc])* pub(super) $field: $type,)*
        }

        impl $name {
            pub(super) fn target(&self) -> Result<Target> {
                target("input.id", &self.id, self.expected_version)
            }
        }
    )*};
}

acts! {
    /// Which ticket.
    TicketActInput {}

    /// Who is to own it.
    TicketAssignInput {
        /// The member of staff; `assignableStaff` lists who can.
        owner_id: ID,
    }

    /// An act with its reason.
    TicketReasonInput {
        /// Why.
        reason: String,
    }

    /// The answer.
    TicketAnswerInput {
        /// The answer, for the reporter.
        answer: String,
    }

    /// Why it waits, and until when.
    TicketHoldInput {
        /// Why.
        reason: HoldReason,
        /// When it goes on by itself; beyond 7 days only a supervisor may.
        resume_at: DateTime,
        /// More about it; the reporter reads it too.
        note: Option<String>,
    }

    /// What was done.
    TicketResolveInput {
        /// What was done, for the reporter.
        resolution: String,
        /// Photos and documents that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
        attachment_ids: Option<Vec<ID>>,
        /// Photos and documents that come with this request, as `multipart/form-data`.
        files: Option<Vec<Upload>>,
    }

    /// Why it is refused.
    TicketRejectInput {
        /// The reply to the reporter.
        reply: String,
    }

    /// Which other ticket it goes on as.
    TicketMergeInput {
        /// The ticket that takes it up.
        into_id: ID,
    }

    /// Why it is withdrawn.
    TicketCancelInput {
        /// Why.
        reason: Option<String>,
    }

    /// That it is done.
    TicketConfirmInput {
        /// 1 to 5.
        rating: Option<i32>,
        /// What comes with the rating.
        rating_comment: Option<String>,
    }

    /// How content the reporter is.
    TicketRateInput {
        /// 1 to 5.
        rating: i32,
        /// What comes with it.
        rating_comment: Option<String>,
    }

    /// What the call back brought.
    TicketCallBackInput {
        /// Whether the reporter is content.
        outcome: CallBackOutcome,
        /// What they said.
        note: Option<String>,
        /// 1 to 5, if they gave one.
        rating: Option<i32>,
        /// Whether it is to be reopened; only when they are UNSATISFIED, and with a note.
        reopen: Option<bool>,
    }

    /// What presses.
    TicketHurryInput {
        /// In words.
        text: Option<String>,
    }

    /// What was done first.
    TicketDisposeInput {
        /// In words, for the reporter.
        disposition: String,
    }

    /// A line.
    TicketCommentInput {
        /// Sent again with the same key, the line is not written again.
        idempotency_key: Option<String>,
        /// What it says; empty if a photo says it.
        text: String,
        /// Who may read it; residents write PUBLIC ones.
        visibility: Visibility,
        /// Photos and documents that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
        attachment_ids: Option<Vec<ID>>,
        /// Photos and documents that come with this request, as `multipart/form-data`.
        files: Option<Vec<Upload>>,
    }

    /// What a team is to do.
    WorkOrderDispatchInput {
        /// Sent again with the same key, the same work order is answered and none is made.
        idempotency_key: Option<String>,
        /// The team, of the ticket's community.
        team_id: ID,
        /// What is to be done.
        task: String,
        /// By when.
        due_at: Option<DateTime>,
        /// When the reporter expects somebody.
        appointment: Option<AppointmentInput>,
    }
}

/// When the reporter expects somebody.
#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct AppointmentInput {
    /// From when.
    from: DateTime,
    /// To when; after `from`.
    to: DateTime,
}

impl From<AppointmentInput> for Appointment {
    fn from(input: AppointmentInput) -> Self {
        Self { from: input.from.0, to: input.to.0 }
    }
}

impl From<&TicketHoldInput> for Hold {
    fn from(input: &TicketHoldInput) -> Self {
        Self { reason: input.reason.into(), resume_at: input.resume_at.0, note: input.note.clone() }
    }
}

impl TicketCallBackInput {
    pub(super) fn read(&self) -> CalledBack {
        CalledBack {
            outcome: self.outcome.into(),
            note: self.note.clone(),
            rating: self.rating.map(|stars| Rating { stars, comment: None }),
            reopen: self.reopen.unwrap_or(false),
        }
    }
}

impl WorkOrderDispatchInput {
    pub(super) fn read(&self) -> Result<Dispatch> {
        Ok(Dispatch {
            team: id("input.teamId", &self.team_id)?,
            task: self.task.clone(),
            due_at: self.due_at.map(|time| time.0),
            appointment: self.appointment.map(Into::into),
        })
    }
}

impl TicketActInput {
    /// One of many.
    pub(super) fn target_at(&self, place: usize) -> Result<Target> {
        target(&format!("input.tickets.{place}.id"), &self.id, self.expected_version)
    }
}

/// Who is to own many tickets.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TicketsAssignInput {
    /// The tickets, at most 100, each with the version that was shown.
    pub(super) tickets: Vec<TicketActInput>,
    /// The member of staff.
    pub(super) owner_id: ID,
}

/// Many tickets.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TicketsActInput {
    /// The tickets, at most 100, each with the version that was shown.
    pub(super) tickets: Vec<TicketActInput>,
}

/// Which work order.
#[derive(Clone, Debug, InputObject)]
pub(super) struct WorkOrderTakeInput {
    /// The work order.
    pub(super) id: ID,
    /// The version that was shown; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}

/// Why a work order comes back.
#[derive(Clone, Debug, InputObject)]
pub(super) struct WorkOrderReturnInput {
    /// The work order.
    pub(super) id: ID,
    /// The version that was shown; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Why; staff only read it.
    pub(super) reason: String,
}

/// What was done.
#[derive(Clone, Debug, InputObject)]
pub(super) struct WorkOrderFinishInput {
    /// The work order.
    pub(super) id: ID,
    /// The version that was shown; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// What was done.
    pub(super) result: String,
    /// Whether the appointment was kept; needed when there was one.
    pub(super) appointment_outcome: Option<AppointmentOutcome>,
    /// Photos and documents that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
    pub(super) attachment_ids: Option<Vec<ID>>,
    /// Photos and documents that come with this request, as `multipart/form-data`.
    pub(super) files: Option<Vec<Upload>>,
}

/// When the reporter expects somebody.
#[derive(Clone, Debug, InputObject)]
pub(super) struct WorkOrderScheduleInput {
    /// The work order.
    pub(super) id: ID,
    /// The version that was shown; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// From when to when.
    pub(super) appointment: AppointmentInput,
}
