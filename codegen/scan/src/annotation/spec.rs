//! Types with alternatives and template variables, and how they multiply to signatures.
//!
//! A template variable (`Type(...)`, `NDim(...)`) takes one value in a whole signature; a union takes every alternative in
//! each place anew. Signatures come in the order written, the first parameter varying slowest.

use crate::signature::{Order, ParameterType, Signature};
use hypersonic_ops::{Class, Dtype, Factory, Flavor, Special};
use std::sync::Arc;

/// Where a template variable was made: file and byte.
pub(crate) type VariableId = (u32, u32);

/// What a parameter may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Spec {
    /// One type.
    One(ParameterType),
    /// Any of these.
    Choice(Vec<Spec>),
    /// A template variable over types.
    Variable(VariableId, Vec<Spec>),
    /// An array; `element` gives scalars only.
    Array { element: Box<Spec>, rank: Rank, order: Order, extents: Vec<Option<i64>> },
    /// A tuple.
    Tuple(Vec<Spec>),
    /// A container and its elements, or keys and values.
    Container(Container, Vec<Spec>),
    /// `None` or such a value, in one and the same container.
    Optional(Box<Spec>),
    /// A value of a class of the package, and what it is in kernels.
    Named(Arc<Class>, Box<Spec>),
    /// A function: what it takes, and then what it gives.
    Callable(Vec<Spec>),
}

/// Which container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// `list`.
    List,
    /// `tuple` of any length.
    Sequence,
    /// `set`.
    Set,
    /// `dict`.
    Dict,
    /// `collections.deque`.
    Deque,
    /// `collections.defaultdict`.
    DefaultDict,
    /// `collections.Counter`.
    Counter,
    /// `collections.OrderedDict`.
    OrderedDict,
    /// `frozenset`.
    FrozenSet,
}

impl Container {
    /// How many types stand in its brackets.
    pub(crate) const fn arguments(self) -> usize {
        match self {
            Self::Dict | Self::DefaultDict | Self::OrderedDict => 2,
            _ => 1,
        }
    }
}

/// What the `default_factory` of an argument with such values must be: that of the type, if there is just one.
fn factory(value: &ParameterType) -> Factory {
    match value {
        ParameterType::Scalar(_, Flavor::Python)
        | ParameterType::Str
        | ParameterType::List(_)
        | ParameterType::Set(_)
        | ParameterType::Dict(..) => Factory::Empty,
        ParameterType::Special(Special::DefaultDict(_), _) => Factory::Open,
        ParameterType::Special(..) => Factory::Empty,
        _ => Factory::Open,
    }
}

/// The rank of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rank {
    /// As written.
    Fixed(u8),
    /// A template variable plus an offset.
    Variable { id: VariableId, values: Vec<i64>, offset: i64 },
    /// Not said (`NDArray`): 1, 2 or 3, each place for itself.
    Unknown(VariableId),
}

/// Most signatures of one function.
pub(crate) const MAX_SIGNATURES: usize = 512;

/// Ranks that are compiled where an annotation does not say the rank.
const UNKNOWN_RANKS: [i64; 3] = [1, 2, 3];

/// Most parameters of unknown rank that vary independently; if there are more, all have the same rank.
const MAX_FREE_RANKS: usize = 3;

/// Values of the template variables chosen so far.
#[derive(Clone, Default)]
struct Chosen {
    values: Vec<(VariableId, usize)>,
}

/// There are more signatures than [`MAX_SIGNATURES`].
pub(crate) struct TooMany;

impl Spec {
    /// A container of these: elements that may be `None` are so side by side.
    pub(crate) fn container(kind: Container, items: Vec<Self>) -> Self {
        Self::Container(kind, items.into_iter().map(Self::element).collect())
    }

    /// As an element: one type for all strings, and `None` beside a value in one type.
    pub(crate) fn element(self) -> Self {
        self.any_string().into_element()
    }

    /// Strings in a container are any strings: they are not told apart by signatures.
    fn any_string(self) -> Self {
        match self {
            Self::One(ParameterType::LiteralText(_)) => Self::One(ParameterType::Str),
            Self::Choice(items) => {
                let mut different = Vec::new();
                for item in items.into_iter().map(Self::any_string) {
                    if !different.contains(&item) {
                        different.push(item);
                    }
                }
                if different.len() == 1 { different.remove(0) } else { Self::Choice(different) }
            }
            Self::Tuple(items) => Self::Tuple(items.into_iter().map(Self::any_string).collect()),
            Self::Optional(value) => Self::Optional(Box::new(value.any_string())),
            Self::Named(class, value) => Self::Named(class, Box::new(value.any_string())),
            other => other,
        }
    }

    fn into_element(self) -> Self {
        let none = Self::One(ParameterType::None);
        match self {
            Self::Choice(mut items) if items.len() > 1 && items.contains(&none) => {
                items.retain(|item| *item != none);
                let rest = if items.len() == 1 { items.remove(0) } else { Self::Choice(items) };
                Self::Optional(Box::new(rest))
            }
            Self::Tuple(items) => Self::Tuple(items.into_iter().map(Self::into_element).collect()),
            Self::Named(class, value) => Self::Named(class, Box::new(value.into_element())),
            other => other,
        }
    }

    /// Any `slice`: each of its bounds may be missing. What is written most comes first.
    pub(crate) fn slices() -> Self {
        let missing = [[false; 3], [true, false, false], [false, true, false], [true, true, false]];
        let all = missing.into_iter().chain(missing.into_iter().map(|[start, stop, _]| [start, stop, true]));
        Self::Choice(all.map(|given| Self::One(ParameterType::Slice(given))).collect())
    }

    /// Whether every alternative is a number.
    pub(crate) fn is_number(&self) -> bool {
        match self {
            Self::One(one) => matches!(one, ParameterType::Scalar(..)),
            Self::Choice(items) | Self::Variable(_, items) => items.iter().all(Self::is_number),
            Self::Array { .. } | Self::Tuple(_) | Self::Container(..) | Self::Optional(_) | Self::Named(..) | Self::Callable(_) => false,
        }
    }

    /// Whether the value of a default is accepted by one of the alternatives.
    pub(crate) fn accepts(&self, default: &ParameterType) -> bool {
        match self {
            Self::One(one) => one_accepts(one, default),
            Self::Choice(items) | Self::Variable(_, items) => items.iter().any(|item| item.accepts(default)),
            Self::Array { .. } | Self::Container(..) | Self::Optional(_) | Self::Callable(_) => false,
            Self::Named(class, _) => matches!(default, ParameterType::Named(other, _) if other == class),
            Self::Tuple(items) => match default {
                ParameterType::Tuple(values) => {
                    items.len() == values.len() && items.iter().zip(values).all(|(item, value)| item.accepts(value))
                }
                _ => false,
            },
        }
    }

    /// The same with Python's scalars for NumPy's of the same dtype, which Python's signatures take, too: `int64` in a comment is what
    /// `int` is.
    pub(crate) fn with_python_scalars(self) -> Self {
        let all = |items: Vec<Self>| items.into_iter().map(Self::with_python_scalars).collect();
        match self {
            Self::One(ParameterType::Scalar(dtype @ (Dtype::I64 | Dtype::F64 | Dtype::C128), Flavor::Numpy)) => {
                Self::One(ParameterType::Scalar(dtype, Flavor::Python))
            }
            Self::Choice(items) => Self::Choice(all(items)),
            Self::Tuple(items) => Self::Tuple(all(items)),
            Self::Container(kind, items) => Self::Container(kind, all(items)),
            Self::Optional(value) => Self::Optional(Box::new(value.with_python_scalars())),
            other => other,
        }
    }

    fn unknown_ranks(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Choice(items) | Self::Variable(_, items) => items.iter().map(Self::unknown_ranks).max().unwrap_or(0),
            Self::Tuple(items) | Self::Container(_, items) | Self::Callable(items) => items.iter().map(Self::unknown_ranks).sum(),
            Self::Optional(value) | Self::Named(_, value) => value.unknown_ranks(),
            Self::Array { rank, .. } => usize::from(matches!(rank, Rank::Unknown(_))),
        }
    }
}

fn one_accepts(one: &ParameterType, default: &ParameterType) -> bool {
    use hypersonic_ops::Kind;
    match (one, default) {
        (ParameterType::Scalar(wanted, _), ParameterType::Scalar(given, _)) => wanted.takes(*given),
        (ParameterType::Scalar(wanted, _), ParameterType::LiteralInt(_)) => wanted.kind() != Kind::Bool,
        (ParameterType::Tuple(items), ParameterType::Tuple(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| one_accepts(item, value))
        }
        (ParameterType::Str, ParameterType::LiteralText(_)) => true,
        _ => one == default,
    }
}

/// All signatures of a list of parameters, without repetitions.
pub(crate) fn expand(parameters: &[Spec]) -> Result<Vec<Signature>, TooMany> {
    let shared = parameters.iter().map(Spec::unknown_ranks).sum::<usize>() > MAX_FREE_RANKS;
    let mut partial = vec![(Vec::new(), Chosen::default())];
    for parameter in parameters {
        let mut next = Vec::new();
        for (types, chosen) in partial {
            for (one, chosen) in alternatives(parameter, &chosen, shared)? {
                let mut types: Vec<ParameterType> = Vec::clone(&types);
                types.push(one);
                next.push((types, chosen));
                if next.len() > 4 * MAX_SIGNATURES {
                    return Err(TooMany);
                }
            }
        }
        partial = next;
    }
    let mut signatures: Vec<Signature> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (parameters, _) in partial {
        let signature = Signature { parameters };
        if seen.insert(signature.clone()) {
            signatures.push(signature);
        }
    }
    if signatures.len() > MAX_SIGNATURES { Err(TooMany) } else { Ok(signatures) }
}

type Alternatives = Vec<(ParameterType, Chosen)>;

fn alternatives(spec: &Spec, chosen: &Chosen, shared: bool) -> Result<Alternatives, TooMany> {
    let found = match spec {
        Spec::One(one) => vec![(one.clone(), chosen.clone())],
        Spec::Choice(items) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(alternatives(item, chosen, shared)?);
            }
            all
        }
        Spec::Variable(id, items) => {
            let mut all = Vec::new();
            for (place, chosen) in chosen.choose(*id, items.len()) {
                all.extend(alternatives(&items[place], &chosen, shared)?);
            }
            all
        }
        Spec::Array { element, rank, order, extents } => {
            let mut all = Vec::new();
            for (element, chosen) in alternatives(element, chosen, shared)? {
                let ParameterType::Scalar(dtype, _) = element else { continue };
                for (ndim, chosen) in rank.alternatives(&chosen, shared) {
                    all.push((ParameterType::Array { dtype, ndim, order: *order, extents: extents.clone() }, chosen));
                }
            }
            all
        }
        Spec::Tuple(items) => tuple_alternatives(items, chosen, shared)?,
        Spec::Container(kind, items) => container_alternatives(*kind, items, chosen, shared)?,
        Spec::Callable(items) => callable_alternatives(items, chosen, shared)?,
        Spec::Optional(value) => {
            let values = alternatives(value, chosen, shared)?.into_iter();
            values.map(|(value, chosen)| (ParameterType::Optional(Box::new(value)), chosen)).collect()
        }
        Spec::Named(class, value) => {
            let values = alternatives(value, chosen, shared)?.into_iter();
            values.map(|(value, chosen)| (ParameterType::Named(Arc::clone(class), Box::new(value)), chosen)).collect()
        }
    };
    if found.len() > 4 * MAX_SIGNATURES { Err(TooMany) } else { Ok(found) }
}

fn tuple_alternatives(items: &[Spec], chosen: &Chosen, shared: bool) -> Result<Alternatives, TooMany> {
    let mut partial = vec![(Vec::new(), chosen.clone())];
    for item in items {
        let mut next = Vec::new();
        for (types, chosen) in partial {
            for (one, chosen) in alternatives(item, &chosen, shared)? {
                let mut types: Vec<ParameterType> = Vec::clone(&types);
                types.push(one);
                next.push((types, chosen));
                if next.len() > 4 * MAX_SIGNATURES {
                    return Err(TooMany);
                }
            }
        }
        partial = next;
    }
    Ok(partial.into_iter().map(|(types, chosen)| (ParameterType::Tuple(types), chosen)).collect())
}

fn callable_alternatives(items: &[Spec], chosen: &Chosen, shared: bool) -> Result<Alternatives, TooMany> {
    let made = tuple_alternatives(items, chosen, shared)?.into_iter().filter_map(|(types, chosen)| {
        let ParameterType::Tuple(mut types) = types else { return None };
        let result = Box::new(types.pop()?);
        Some((ParameterType::Callable(types, result), chosen))
    });
    Ok(made.collect())
}

fn container_alternatives(kind: Container, items: &[Spec], chosen: &Chosen, shared: bool) -> Result<Alternatives, TooMany> {
    let made = tuple_alternatives(items, chosen, shared)?.into_iter().filter_map(|(types, chosen)| {
        let ParameterType::Tuple(types) = types else { return None };
        let mut types = types.into_iter();
        let first = Box::new(types.next()?);
        let container = match kind {
            Container::List => ParameterType::List(first),
            Container::Sequence => ParameterType::Sequence(first),
            Container::Set => ParameterType::Set(first),
            Container::Dict => ParameterType::Dict(first, Box::new(types.next()?)),
            Container::Deque => special(Special::Deque, ParameterType::List(first)),
            Container::FrozenSet => special(Special::FrozenSet, ParameterType::Set(first)),
            Container::Counter => {
                let count = ParameterType::Scalar(Dtype::I64, Flavor::Python);
                special(Special::Counter, ParameterType::Dict(first, Box::new(count)))
            }
            Container::OrderedDict => special(Special::OrderedDict, ParameterType::Dict(first, Box::new(types.next()?))),
            Container::DefaultDict => {
                let value = types.next()?;
                special(Special::DefaultDict(factory(&value)), ParameterType::Dict(first, Box::new(value)))
            }
        };
        Some((container, chosen))
    });
    Ok(made.collect())
}

fn special(special: Special, base: ParameterType) -> ParameterType {
    ParameterType::Special(special, Box::new(base))
}

impl Rank {
    fn alternatives(&self, chosen: &Chosen, shared: bool) -> Vec<(u8, Chosen)> {
        let (id, values, offset) = match self {
            Self::Fixed(rank) => return vec![(*rank, chosen.clone())],
            Self::Variable { id, values, offset } => (*id, values.as_slice(), *offset),
            Self::Unknown(id) => (if shared { (u32::MAX, u32::MAX) } else { *id }, UNKNOWN_RANKS.as_slice(), 0),
        };
        let choices = chosen.choose(id, values.len());
        choices.into_iter().filter_map(|(place, chosen)| Some((u8::try_from(values[place] + offset).ok()?, chosen))).collect()
    }
}

impl Chosen {
    /// The alternatives still open for a variable: the one chosen before, or all.
    fn choose(&self, id: VariableId, count: usize) -> Vec<(usize, Self)> {
        if let Some((_, place)) = self.values.iter().find(|(other, _)| *other == id) {
            return vec![(*place, self.clone())];
        }
        (0..count)
            .map(|place| {
                let mut values = self.values.clone();
                values.push((id, place));
                (place, Self { values })
            })
            .collect()
    }
}
