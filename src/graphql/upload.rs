//! Files that come with a request. Variables hold small tokens that no JSON can be; the files themselves lie beside the
//! request, once.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::Selection;
use async_graphql::{
    Context, Description, InputValueError, InputValueResult, Positioned, Scalar, ScalarType, Value,
};
use bytes::{Buf, Bytes, BytesMut};
use sha2::{Digest, Sha256};

use super::transfer::TAKE_SHEETS;
use crate::domain::attachment::File;
use crate::domain::{self, Refusal};

/// The files of one request.
#[derive(Debug, Default)]
pub struct Uploads(Vec<File>);

/// A file on its way in: its bytes are taken as they come, and hashed meanwhile.
#[derive(Debug, Default)]
pub struct Incoming {
    content: BytesMut,
    hash: Sha256,
}

impl Incoming {
    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.content.extend_from_slice(chunk);
        self.hash.update(chunk);
    }

    /// How many bytes have come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.content.len()
    }

    /// Whether none have come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }
}

impl Uploads {
    /// Takes a file, and gives what stands for it in the variables.
    pub fn add(&mut self, name: Option<String>, file: Incoming) -> Value {
        let mut token = BytesMut::with_capacity(4 + 32);
        token.extend_from_slice(&u32::try_from(self.0.len()).unwrap_or(u32::MAX).to_be_bytes());
        token.extend_from_slice(&file.hash.finalize());
        self.0.push(File { name, content: file.content.freeze() });
        Value::Binary(token.freeze())
    }
}

/// Whether a document does nothing but take a file of rows, which may be larger than a photo.
#[must_use]
pub fn takes_a_sheet(document: &str) -> bool {
    let Ok(document) = parse_query(document) else { return false };
    let mut operations = document.operations.iter();
    let (Some((_, operation)), None) = (operations.next(), operations.next()) else { return false };
    let [Positioned { node: Selection::Field(field), .. }] =
        operation.node.selection_set.node.items.as_slice()
    else {
        return false;
    };
    TAKE_SHEETS.contains(&field.node.name.node.as_str())
}

/// A file. It is `null` in the variables, and the file itself comes as a part of a `multipart/form-data` request.
#[derive(Clone, Debug, Description)]
pub(super) struct Upload {
    place: usize,
    hash: Bytes,
}

#[Scalar(
    name = "Upload",
    use_type_description,
    specified_by_url = "https://github.com/jaydenseric/graphql-multipart-request-spec"
)]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Binary(mut token) if token.len() == 4 + 32 => {
                Ok(Self { place: token.get_u32() as usize, hash: token })
            }
            _ => Err(InputValueError::custom(
                "a file comes as a part of a multipart/form-data request, and is null in the variables",
            )),
        }
    }

    /// What tells the same request from another one: what the file holds.
    fn to_value(&self) -> Value {
        Value::String(self.hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Upload {
    /// The file that is meant.
    pub(super) fn file(&self, ctx: &Context<'_>) -> domain::Result<File> {
        let found = ctx.data_opt::<Uploads>().and_then(|uploads| uploads.0.get(self.place));
        let missing = || Refusal::invalid("input", "the file did not come with the request");
        Ok(found.cloned().ok_or_else(missing)?)
    }
}
