//! Photos and documents on the wire.

mod enums;
mod input;
mod mutation;
mod object;

pub(super) use input::given;
pub(super) use mutation::AttachmentMutation;
pub(super) use object::Attachment;
