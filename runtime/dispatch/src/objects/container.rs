//! What a list, set, dict or string of a signature holds, and so how its elements lie: decided before any call.

use crate::array;
use crate::class::{Class, Classes};
use crate::dtype::Dtype;
use crate::plan::{ArrayMatcher, BuiltinType, builtin, dtype, rank};
use hypersonic_abi::manifest::{NamedKind, ValueType};
use hypersonic_abi::object::{kind, layout};
use std::sync::Arc;

/// A container.
#[derive(Debug)]
pub struct Container {
    /// Which: [`kind`].
    pub kind: u64,
    /// The class of an object with attributes: in kernels a list of one element, the tuple of the attributes.
    pub class: Option<Arc<Class>>,
    /// An element, or a key; nothing for a string.
    pub element: Item,
    /// A value of a dict.
    pub value: Item,
    /// How an element or key lies.
    pub layout: u64,
    /// How a value lies.
    pub value_layout: u64,
}

/// What an element is. Python's types are exact: a bool is no int here, and an int no float.
#[derive(Debug)]
pub enum Item {
    /// `None`.
    None,
    /// `bool`.
    Bool,
    /// `int` that fits 64 bits.
    Int,
    /// `float`.
    Float,
    /// `complex`.
    Complex,
    /// A NumPy scalar.
    Numpy(Dtype),
    /// An array.
    Array(ArrayMatcher),
    /// A tuple of just these.
    Tuple(Vec<Item>),
    /// A NamedTuple of just these.
    Record(Arc<Class>, Vec<Item>),
    /// A member of an enum.
    Member(Arc<Class>),
    /// A list, set, dict or string.
    Object(Box<Container>),
    /// `None` or a value: a word that is 0 for `None`, then the words of the value.
    Optional(Box<Item>),
}

impl Container {
    /// Of a type, `None` if that is no container. Arrays in it must be writeable if `writes`.
    pub fn new(value: &ValueType, writes: bool, classes: &Classes) -> Result<Option<Container>, String> {
        let nothing = || Ok::<_, String>(Item::None);
        let mut class = None;
        let (kind, element, value) = match value {
            ValueType::Named(named) if named.kind == NamedKind::Object => match &named.value {
                ValueType::List(attributes) => match Item::new(attributes, writes, classes)? {
                    Item::Tuple(items) if items.len() == named.names.len() => {
                        class = Some(classes.of(named));
                        (kind::LIST, Item::attributes(items)?, nothing()?)
                    }
                    _ => return Err(format!("an object of `{}`", named.name)),
                },
                _ => return Err(format!("an object of `{}`", named.name)),
            },
            ValueType::List(element) => (kind::LIST, Item::new(element, writes, classes)?, nothing()?),
            ValueType::Sequence(element) => (kind::TUPLE, Item::new(element, writes, classes)?, nothing()?),
            ValueType::Set(element) => (kind::SET, Item::new(element, writes, classes)?, nothing()?),
            ValueType::Dict(entry) => (kind::DICT, Item::new(&entry.0, writes, classes)?, Item::new(&entry.1, writes, classes)?),
            ValueType::Str => (kind::STR, nothing()?, nothing()?),
            _ => return Ok(None),
        };
        let (layout, value_layout) = (element.layout()?, value.layout()?);
        if kind != kind::STR && layout == 0 {
            return Err("a container of nothing".to_owned());
        }
        if kind == kind::SET && !element.has_known_order() {
            return Err("a set whose order is not known".to_owned());
        }
        if kind == kind::DICT && !element.is_key() {
            return Err("a dict whose keys have no hash".to_owned());
        }
        Ok(Some(Container { kind, class, element, value, layout, value_layout }))
    }

    /// Whether the slots of a set are those of Python's: strings hash otherwise there.
    pub fn hashes_as_python(&self) -> bool {
        (0..layout::MAX_WORDS).all(|word| crate::objects::reference::tag(self.layout, word) != layout::OBJECT)
    }
}

impl Item {
    /// Of a type.
    pub fn new(kind: &ValueType, writes: bool, classes: &Classes) -> Result<Item, String> {
        if let Some(container) = Container::new(kind, writes, classes)? {
            return Ok(Item::Object(Box::new(container)));
        }
        Ok(match kind {
            ValueType::None => Item::None,
            ValueType::Python(name) => match builtin(name)? {
                BuiltinType::Bool => Item::Bool,
                BuiltinType::Int => Item::Int,
                BuiltinType::Float => Item::Float,
                BuiltinType::Complex => Item::Complex,
            },
            ValueType::Numpy(name) => Item::Numpy(dtype(name)?),
            ValueType::Array { dtype: name, ndim, extents, order } => {
                let flags = if writes { array::WRITEABLE } else { 0 };
                Item::Array(ArrayMatcher::new(dtype(name)?, rank(*ndim)?, extents, order.as_deref(), flags)?)
            }
            ValueType::Tuple(items) => Item::Tuple(items.iter().map(|item| Item::new(item, writes, classes)).collect::<Result<_, _>>()?),
            ValueType::Named(named) => match (named.kind, Item::new(&named.value, writes, classes)?) {
                (NamedKind::Tuple, Item::Tuple(items)) if items.len() == named.names.len() => Item::Record(classes.of(named), items),
                (NamedKind::Value | NamedKind::Position, Item::Int) => Item::Member(classes.of(named)),
                _ => return Err(format!("a value of `{}`", named.name)),
            },
            ValueType::Optional(value) => Item::Optional(Box::new(Item::new(value, writes, classes)?)),
            other => return Err(format!("a container of {other:?}")),
        })
    }

    /// The element of the list that an object with such attributes is: those that are too many for one are in another list behind them.
    fn attributes(items: Vec<Item>) -> Result<Item, String> {
        let words: Vec<usize> = items.iter().map(|item| item.words_of_nothing().len()).collect();
        let mut items = items.into_iter().rev();
        let mut rest: Option<Item> = None;
        for group in layout::groups(&words).collect::<Vec<_>>().into_iter().rev() {
            let mut own: Vec<Item> = items.by_ref().take(group.len()).collect();
            own.reverse();
            if let Some(element) = rest {
                let (layout, value) = (element.layout()?, Item::None);
                own.push(Item::Object(Box::new(Container { kind: kind::LIST, class: None, element, value, layout, value_layout: 0 })));
            }
            rest = Some(Item::Tuple(own));
        }
        rest.ok_or_else(|| "an object without attributes".to_owned())
    }

    /// The attributes in the element of the list that an object is, of which there are `count`, and the list with those that are not.
    pub fn own_attributes(&self, count: usize) -> (&[Item], Option<&Container>) {
        match self {
            Item::Tuple(items) if items.len() == count => (items, None),
            Item::Tuple(items) => match items.split_last() {
                Some((Item::Object(rest), own)) => (own, Some(rest)),
                _ => (&[], None),
            },
            _ => (&[], None),
        }
    }

    fn tags(&self, tags: &mut Vec<u64>) {
        match self {
            Item::None => (),
            Item::Bool => tags.push(layout::UNSIGNED),
            Item::Int | Item::Member(_) => tags.push(layout::SIGNED),
            Item::Float => tags.push(layout::DOUBLE),
            Item::Complex => tags.extend([layout::DOUBLE; 2]),
            Item::Numpy(dtype) => match dtype {
                Dtype::Int8 | Dtype::Int16 | Dtype::Int32 | Dtype::Int64 => tags.push(layout::SIGNED),
                Dtype::Bool | Dtype::Uint8 | Dtype::Uint16 | Dtype::Uint32 | Dtype::Uint64 => tags.push(layout::UNSIGNED),
                Dtype::Float32 => tags.push(layout::SINGLE),
                Dtype::Float64 => tags.push(layout::DOUBLE),
                Dtype::Complex64 => tags.extend([layout::SINGLE; 2]),
                Dtype::Complex128 => tags.extend([layout::DOUBLE; 2]),
            },
            Item::Array(array) => {
                tags.extend([layout::RAW, layout::OWNER]);
                tags.extend(vec![layout::RAW; 2 * array.ndim as usize]);
            }
            Item::Tuple(items) | Item::Record(_, items) => items.iter().for_each(|item| item.tags(tags)),
            Item::Object(_) => tags.push(layout::OBJECT),
            Item::Optional(value) => {
                tags.push(layout::UNSIGNED);
                value.tags(tags);
            }
        }
    }

    /// The words of a value that is not there: zeros, and owners of nothing.
    pub fn words_of_nothing(&self) -> Vec<u64> {
        let mut tags = Vec::new();
        self.tags(&mut tags);
        tags.into_iter().map(|tag| u64::from(tag == layout::OWNER || tag == layout::OBJECT)).collect()
    }

    /// How it lies.
    pub fn layout(&self) -> Result<u64, String> {
        let mut tags = Vec::new();
        self.tags(&mut tags);
        if tags.len() > layout::MAX_WORDS {
            return Err("a container of elements that are too wide".to_owned());
        }
        Ok(tags.iter().rev().fold(0, |layout, tag| layout << 4 | tag))
    }

    fn is_scalar(&self) -> bool {
        match self {
            Item::Bool | Item::Int | Item::Float | Item::Member(_) => true,
            Item::Numpy(dtype) => !matches!(dtype, Dtype::Complex64 | Dtype::Complex128),
            Item::Object(container) => container.kind == kind::STR,
            _ => false,
        }
    }

    /// Whether the words alone say what Python hashes it to: scalars, and flat tuples of several.
    fn has_known_order(&self) -> bool {
        match self {
            Item::Tuple(items) | Item::Record(_, items) => items.len() > 1 && items.iter().all(Item::is_scalar),
            item => item.is_scalar(),
        }
    }

    fn is_key(&self) -> bool {
        match self {
            Item::Tuple(items) | Item::Record(_, items) => items.iter().all(Item::is_key),
            Item::Array(_) | Item::Optional(_) => false,
            Item::Object(container) if container.kind == kind::TUPLE => container.element.is_key(),
            Item::Object(container) => container.kind == kind::STR,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(name: &str) -> ValueType {
        ValueType::Python(name.to_owned())
    }

    fn planned(kind: ValueType) -> Result<Container, String> {
        Ok(Container::new(&kind, false, &Classes::default())?.unwrap())
    }

    #[test]
    fn elements_lie_word_by_word() {
        let array = ValueType::Array { dtype: "float32".to_owned(), ndim: 1, extents: vec![], order: None };
        let element = ValueType::Tuple(vec![python("int"), ValueType::Tuple(vec![python("complex"), ValueType::Str]), array]);
        let list = planned(ValueType::List(Box::new(element))).unwrap();
        assert_eq!(list.layout, 0x7767_5331);
    }

    #[test]
    fn what_has_no_hash_or_no_known_order_is_refused() {
        let set = |element| planned(ValueType::Set(Box::new(element))).map(|_| ());
        let dict = |key| planned(ValueType::Dict(Box::new((key, ValueType::None)))).map(|_| ());
        let nested = ValueType::Tuple(vec![python("int"), ValueType::Tuple(vec![python("int"), python("int")])]);
        assert!(set(ValueType::Tuple(vec![python("int"), python("float")])).is_ok());
        assert!(set(python("complex")).is_err() && set(nested.clone()).is_err());
        assert!(dict(nested).is_ok() && dict(ValueType::Str).is_ok());
        assert!(dict(ValueType::List(Box::new(python("int")))).is_err());
        assert!(planned(ValueType::List(Box::new(ValueType::None))).is_err());
    }
}
