//! The acts on tickets, one mutation each.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::*;
use super::object::Ticket;
use super::work_order::WorkOrder;
use crate::domain::ticket::{self, Rating, Report, Ticket as Row};
use crate::domain::{self, Refusal};
use crate::graphql::attachment::given;
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// The acts on tickets, one mutation each.
#[derive(Default)]
pub(in crate::graphql) struct TicketMutation;

/// What an act on a ticket answers.
#[derive(SimpleObject)]
struct TicketPayload {
    /// The ticket as it is now; absent when the act was refused.
    ticket: Option<Ticket>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

/// What a comment answers.
#[derive(SimpleObject)]
struct TicketCommentPayload {
    /// The ticket as it is now; absent when the comment was refused.
    ticket: Option<Ticket>,
    /// `true`: the reporter said more than thanks about a RESOLVED ticket. Ask them whether to reopen it, and do so with
    /// `ticketReopen`.
    asks_to_reopen: bool,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

/// What acts on many tickets answer: each for itself, in the order of the input.
#[derive(SimpleObject)]
struct TicketsPayload {
    /// One answer for each ticket.
    results: Vec<TicketPayload>,
    /// Why nothing was done to any of them; empty when each was tried.
    user_errors: Vec<UserError>,
}

/// What an act on a work order answers.
#[derive(SimpleObject)]
struct WorkOrderPayload {
    /// The work order as it is now; absent when the act was refused.
    work_order: Option<WorkOrder>,
    /// Its ticket as it is now.
    ticket: Option<Ticket>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn ticket_payload(result: domain::Result<Row>) -> Result<TicketPayload> {
    let (ticket, user_errors) = outcome(result)?;
    Ok(TicketPayload { ticket: ticket.map(Ticket), user_errors })
}

fn order_payload(result: domain::Result<(Row, domain::WorkOrder)>) -> Result<WorkOrderPayload> {
    let (made, user_errors) = outcome(result)?;
    let (ticket, order) = made.unzip();
    Ok(WorkOrderPayload { work_order: order.map(WorkOrder), ticket: ticket.map(Ticket), user_errors })
}

fn rating(stars: Option<i32>, comment: Option<String>) -> domain::Result<Option<Rating>> {
    match (stars, comment) {
        (None, Some(_)) => {
            Err(Refusal::invalid("input.rating", "a comment comes with a rating from 1 to 5").into())
        }
        (stars, comment) => Ok(stars.map(|stars| Rating { stars, comment })),
    }
}

/// The most tickets that one mutation acts on.
const MANY_MAX: usize = 100;

fn check_many(tickets: &[TicketActInput]) -> domain::Result<()> {
    if tickets.len() > MANY_MAX {
        let message = format!("{} tickets are too many; act on at most {MANY_MAX} at once", tickets.len());
        return Err(Refusal::invalid("input.tickets", message).into());
    }
    Ok(())
}

#[Object]
impl TicketMutation {
    /// Raises a matter. Staff who take calls raise for anyone, workers raise REPAIRs, residents raise for their own units
    /// and common places.
    async fn ticket_file(&self, ctx: &Context<'_>, input: TicketFileInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let filed = Box::pin(async {
            let once = once("ticketFile", input.idempotency_key.as_deref(), &input)?;
            ticket::file(domain, viewer, input.read(ctx)?, once.as_ref()).await
        });
        ticket_payload(filed.await)
    }

    /// 受理: tells the reporter that the matter has arrived; it stops the response clock.
    async fn ticket_acknowledge(&self, ctx: &Context<'_>, input: TicketActInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(Box::pin(async { ticket::acknowledge(domain, viewer, &input.target()?).await }).await)
    }

    /// Gives the ticket to an owner, who keeps it until it is closed.
    async fn ticket_assign(&self, ctx: &Context<'_>, input: TicketAssignInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async {
                ticket::assign(domain, viewer, &input.target()?, id("input.ownerId", &input.owner_id)?).await
            })
            .await,
        )
    }

    /// Makes the viewer its owner over the present one's head.
    async fn ticket_take_over(&self, ctx: &Context<'_>, input: TicketActInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(Box::pin(async { ticket::take_over(domain, viewer, &input.target()?).await }).await)
    }

    /// Gives the ticket back unowned; staff only read the reason.
    async fn ticket_hand_back(&self, ctx: &Context<'_>, input: TicketReasonInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::hand_back(domain, viewer, &input.target()?, &input.reason).await })
                .await,
        )
    }

    /// Answers an ENQUIRY or a SUGGESTION at once; it is resolved then.
    async fn ticket_answer(&self, ctx: &Context<'_>, input: TicketAnswerInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::answer(domain, viewer, &input.target()?, &input.answer).await }).await,
        )
    }

    /// Begins the work.
    async fn ticket_start(&self, ctx: &Context<'_>, input: TicketActInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(Box::pin(async { ticket::start(domain, viewer, &input.target()?).await }).await)
    }

    /// Puts the ticket on hold; its resolution clock stands until it goes on.
    async fn ticket_hold(&self, ctx: &Context<'_>, input: TicketHoldInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::hold(domain, viewer, &input.target()?, (&input).into()).await }).await,
        )
    }

    /// Takes the ticket off hold.
    async fn ticket_resume(&self, ctx: &Context<'_>, input: TicketActInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(Box::pin(async { ticket::resume(domain, viewer, &input.target()?).await }).await)
    }

    /// Says what was done; no work order may still be open.
    async fn ticket_resolve(&self, ctx: &Context<'_>, input: TicketResolveInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async {
                let files = given(ctx, input.attachment_ids.as_deref(), input.files.as_deref())?;
                ticket::resolve(domain, viewer, &input.target()?, &input.resolution, files).await
            })
            .await,
        )
    }

    /// Refuses the matter, with a reply to the reporter.
    async fn ticket_reject(&self, ctx: &Context<'_>, input: TicketRejectInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::reject(domain, viewer, &input.target()?, &input.reply).await }).await,
        )
    }

    /// Lets the ticket go on as another; what is said there reaches its reporter too.
    async fn ticket_merge(&self, ctx: &Context<'_>, input: TicketMergeInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async {
                ticket::merge(domain, viewer, &input.target()?, id("input.intoId", &input.into_id)?).await
            })
            .await,
        )
    }

    /// Withdraws the ticket.
    async fn ticket_cancel(&self, ctx: &Context<'_>, input: TicketCancelInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async {
                ticket::cancel(domain, viewer, &input.target()?, input.reason.as_deref()).await
            })
            .await,
        )
    }

    /// The reporter agrees that it is done, and may rate it.
    async fn ticket_confirm(&self, ctx: &Context<'_>, input: TicketConfirmInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async {
                ticket::confirm(
                    domain,
                    viewer,
                    &input.target()?,
                    rating(input.rating, input.rating_comment.clone())?,
                )
                .await
            })
            .await,
        )
    }

    /// 回访: asks the reporter by telephone. SATISFIED closes the ticket; UNSATISFIED with `reopen` reopens it.
    async fn ticket_call_back(&self, ctx: &Context<'_>, input: TicketCallBackInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::call_back(domain, viewer, &input.target()?, input.read()).await }).await,
        )
    }

    /// Says that it is not done after all, within 30 days of its end.
    async fn ticket_reopen(&self, ctx: &Context<'_>, input: TicketReasonInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::reopen(domain, viewer, &input.target()?, &input.reason).await }).await,
        )
    }

    /// The reporter gives it 1 to 5.
    async fn ticket_rate(&self, ctx: &Context<'_>, input: TicketRateInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async {
                ticket::rate(
                    domain,
                    viewer,
                    &input.target()?,
                    Rating { stars: input.rating, comment: input.rating_comment.clone() },
                )
                .await
            })
            .await,
        )
    }

    /// 催办: presses for it.
    async fn ticket_hurry(&self, ctx: &Context<'_>, input: TicketHurryInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::hurry(domain, viewer, &input.target()?, input.text.as_deref()).await })
                .await,
        )
    }

    /// Brings the ticket to the next level up, which gives a receipt.
    async fn ticket_escalate(&self, ctx: &Context<'_>, input: TicketReasonInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::escalate(domain, viewer, &input.target()?, &input.reason).await }).await,
        )
    }

    /// Confirms that an escalation has been received.
    async fn ticket_receipt(&self, ctx: &Context<'_>, input: TicketActInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(Box::pin(async { ticket::receipt(domain, viewer, &input.target()?).await }).await)
    }

    /// Marks the matter as major; it goes to the second level at once.
    async fn ticket_mark_major(&self, ctx: &Context<'_>, input: TicketReasonInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::mark_major(domain, viewer, &input.target()?, &input.reason).await })
                .await,
        )
    }

    /// 初步处理: says what was done first.
    async fn ticket_dispose(&self, ctx: &Context<'_>, input: TicketDisposeInput) -> Result<TicketPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        ticket_payload(
            Box::pin(async { ticket::dispose(domain, viewer, &input.target()?, &input.disposition).await })
                .await,
        )
    }

    /// Writes a line into the timeline. It does not raise the version.
    async fn ticket_comment(
        &self,
        ctx: &Context<'_>,
        input: TicketCommentInput,
    ) -> Result<TicketCommentPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let commented = Box::pin(async {
            let files = given(ctx, input.attachment_ids.as_deref(), input.files.as_deref())?;
            let once = once("ticketComment", input.idempotency_key.as_deref(), &input)?;
            let (target, visibility) = (input.target()?, input.visibility.into());
            ticket::comment(domain, viewer, &target, &input.text, visibility, files, once.as_ref()).await
        });
        let (done, user_errors) = outcome(commented.await)?;
        let asks_to_reopen = done.as_ref().is_some_and(|done| done.asks_to_reopen);
        Ok(TicketCommentPayload { ticket: done.map(|done| Ticket(done.ticket)), asks_to_reopen, user_errors })
    }

    /// Gives many tickets to one owner. Each is tried by itself: some may be done and others refused.
    async fn tickets_assign(&self, ctx: &Context<'_>, input: TicketsAssignInput) -> Result<TicketsPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let (owner, user_errors) =
            outcome(check_many(&input.tickets).and_then(|()| id("input.ownerId", &input.owner_id)))?;
        let Some(owner) = owner else { return Ok(TicketsPayload { results: Vec::new(), user_errors }) };
        let mut results = Vec::with_capacity(input.tickets.len());
        for (place, one) in input.tickets.iter().enumerate() {
            let act = Box::pin(async { ticket::assign(domain, viewer, &one.target_at(place)?, owner).await });
            results.push(ticket_payload(act.await)?);
        }
        Ok(TicketsPayload { results, user_errors })
    }

    /// Acknowledges many tickets. Each is tried by itself: some may be done and others refused.
    async fn tickets_acknowledge(&self, ctx: &Context<'_>, input: TicketsActInput) -> Result<TicketsPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let (checked, user_errors) = outcome(check_many(&input.tickets))?;
        if checked.is_none() {
            return Ok(TicketsPayload { results: Vec::new(), user_errors });
        }
        let mut results = Vec::with_capacity(input.tickets.len());
        for (place, one) in input.tickets.iter().enumerate() {
            let act = Box::pin(async { ticket::acknowledge(domain, viewer, &one.target_at(place)?).await });
            results.push(ticket_payload(act.await)?);
        }
        Ok(TicketsPayload { results, user_errors })
    }

    /// Gives a piece of the ticket's work to a team. The ticket's owner stays its owner.
    async fn work_order_dispatch(
        &self,
        ctx: &Context<'_>,
        input: WorkOrderDispatchInput,
    ) -> Result<WorkOrderPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let dispatched = Box::pin(async {
            let once = once("workOrderDispatch", input.idempotency_key.as_deref(), &input)?;
            ticket::dispatch(domain, viewer, &input.target()?, input.read()?, once.as_ref()).await
        });
        order_payload(dispatched.await)
    }

    /// Takes a work order of the viewer's team; a ticket that was only assigned is then in progress.
    async fn work_order_take(
        &self,
        ctx: &Context<'_>,
        input: WorkOrderTakeInput,
    ) -> Result<WorkOrderPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let taken = Box::pin(async {
            ticket::take(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        order_payload(taken.await)
    }

    /// Gives a work order back; staff only read the reason.
    async fn work_order_return(
        &self,
        ctx: &Context<'_>,
        input: WorkOrderReturnInput,
    ) -> Result<WorkOrderPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let returned = Box::pin(async {
            let id = id("input.id", &input.id)?;
            ticket::give_back(domain, viewer, id, input.expected_version, &input.reason).await
        });
        order_payload(returned.await)
    }

    /// Reports a work order as done.
    async fn work_order_finish(
        &self,
        ctx: &Context<'_>,
        input: WorkOrderFinishInput,
    ) -> Result<WorkOrderPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let finished = Box::pin(async {
            let id = id("input.id", &input.id)?;
            let report = Report {
                result: input.result.clone(),
                outcome: input.appointment_outcome.map(Into::into),
                attachments: given(ctx, input.attachment_ids.as_deref(), input.files.as_deref())?,
            };
            ticket::finish(domain, viewer, id, input.expected_version, report).await
        });
        order_payload(finished.await)
    }

    /// Agrees on when the reporter may expect somebody.
    async fn work_order_schedule(
        &self,
        ctx: &Context<'_>,
        input: WorkOrderScheduleInput,
    ) -> Result<WorkOrderPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let scheduled = Box::pin(async {
            let id = id("input.id", &input.id)?;
            ticket::schedule(domain, viewer, id, input.expected_version, input.appointment.into()).await
        });
        order_payload(scheduled.await)
    }
}
