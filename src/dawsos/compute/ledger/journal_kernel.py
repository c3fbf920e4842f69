"""The compiled scan of a CSV of transactions: bytes in, columns of whole numbers out."""

from typing import Any, Final, TypeAlias

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python

Array: TypeAlias = Any
Whole: TypeAlias = Any

#: How a column is read.
DATE: Final = 0
TYPE: Final = 1
CURRENCY: Final = 2
SYMBOL: Final = 3
REFERENCE: Final = 4
TEXT: Final = 5
MONEY: Final = 6
NUMBER: Final = 7

_COMMA: Final = 44
_QUOTE: Final = 34
_RETURN: Final = 13
_NEWLINE: Final = 10
_SPACE: Final = 32
_TAB: Final = 9
_ZERO: Final = 48
_MINUS: Final = 45
_PLUS: Final = 43
_POINT: Final = 46
_DIGITS: Final = 18

_FNV_START: Final = np.uint64(14695981039346656037)
_FNV_PRIME: Final = np.uint64(1099511628211)
_YEAR_ZERO_SHIFT: Final = 719468


@njit_for_kernels(cache=True, error_model="numpy")
def _number(data: Array, start: Whole, end: Whole, places: Whole) -> tuple[Whole, bool]:
    """A plain decimal with at most ``places`` decimals as a whole number of its last place."""
    at, is_negative = start, False
    if data[at] == _MINUS or data[at] == _PLUS:
        is_negative = data[at] == _MINUS
        at += 1
    value, digits, decimals, has_point = np.int64(0), 0, 0, False
    while at < end:
        byte = data[at]
        if byte == _POINT and not has_point:
            has_point = True
        elif _ZERO <= byte <= _ZERO + 9:
            value = value * 10 + np.int64(byte - _ZERO)
            digits += 1
            decimals += has_point
        else:
            return np.int64(0), False
        at += 1
    if digits == 0 or digits - decimals + places > _DIGITS or decimals > places:
        return np.int64(0), False
    for _ in range(places - decimals):
        value *= 10
    return -value if is_negative else value, True


@njit_for_kernels(cache=True, error_model="numpy")
def _two(data: Array, at: Whole) -> Whole:
    tens, ones = np.int64(data[at]) - _ZERO, np.int64(data[at + 1]) - _ZERO
    return tens * 10 + ones if 0 <= tens <= 9 and 0 <= ones <= 9 else np.int64(-1)


@njit_for_kernels(cache=True, error_model="numpy")
def _day(data: Array, start: Whole, end: Whole) -> tuple[Whole, bool]:
    """The day number of YYYY-MM-DD in the Gregorian calendar, counting years from March so that the leap day comes last."""
    if end - start != 10 or data[start + 4] != _MINUS or data[start + 7] != _MINUS:
        return np.int64(0), False
    century, rest, month, day = _two(data, start), _two(data, start + 2), _two(data, start + 5), _two(data, start + 8)
    year = century * 100 + rest
    if century < 0 or rest < 0 or year < 1 or month < 1 or month > 12 or day < 1:
        return np.int64(0), False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 30 if month in {4, 6, 9, 11} else 31
    if month == 2:
        longest = 28 + is_leap
    if day > longest:
        return np.int64(0), False
    if month <= 2:
        year -= 1
    shifted = (month + 9) % 12
    era, year_of_era = year // 400, year % 400
    day_of_year = (153 * shifted + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _YEAR_ZERO_SHIFT, True


@njit_for_kernels(cache=True, error_model="numpy")
def _type(data: Array, start: Whole, end: Whole, names: Array, lengths: Array) -> Whole:
    """The number of the transaction type written there, 0 if it is none."""
    for number in range(1, len(lengths)):
        if lengths[number] == end - start:
            is_same = True
            for offset in range(end - start):
                is_same &= data[start + offset] == names[number, offset]
            if is_same:
                return number
    return 0


@njit_for_kernels(cache=True, error_model="numpy")
def _find(data: Array, start: Whole, end: Whole, table: Array, starts: Array, ends: Array) -> Whole:
    """The slot of ``table`` that holds the row whose text (``starts``, ``ends``) is this one, or the free slot where it belongs."""
    state = _FNV_START
    for at in range(start, end):
        state = (state ^ np.uint64(data[at])) * _FNV_PRIME
    mask = np.uint64(len(table) - 1)
    slot = (state ^ (state >> np.uint64(32))) & mask
    while table[slot] >= 0:
        row = table[slot]
        if ends[row] - starts[row] == end - start:
            is_same = True
            for offset in range(end - start):
                is_same &= data[start + offset] == data[starts[row] + offset]
            if is_same:
                break
        slot = (slot + np.uint64(1)) & mask
    return slot


@njit_for_kernels(cache=True, error_model="numpy")
def _field(data: Array, at: Whole) -> tuple[Whole, Whole, Whole, Whole, bool]:
    """(start, end, next, lines, is_plain) of the field at ``at``; ``next`` is its comma, line end or the end of the file.

    Spaces around the value are left out. ``lines`` counts the line ends inside quotes. ``is_plain`` is False for a quoted field with a
    doubled quote or broken quoting.
    """
    n, is_plain, lines = len(data), True, 0
    while at < n and (data[at] == _SPACE or data[at] == _TAB):
        at += 1
    start = at
    if at < n and data[at] == _QUOTE:
        start = at + 1
        at = start
        while at < n and data[at] != _QUOTE:
            lines += data[at] == _NEWLINE
            at += 1
        end = at
        at = min(at + 1, n)
        while at < n and data[at] != _COMMA and data[at] != _NEWLINE:
            is_plain &= data[at] == _SPACE or data[at] == _TAB or data[at] == _RETURN
            at += 1
        is_plain &= end < n
    else:
        while at < n:
            if data[at] == _COMMA or data[at] == _NEWLINE:
                break
            is_plain &= data[at] != _QUOTE
            at += 1
        end = at
    while end > start and (data[end - 1] == _SPACE or data[end - 1] == _TAB or data[end - 1] == _RETURN):
        end -= 1
    while start < end and (data[start] == _SPACE or data[start] == _TAB):
        start += 1
    return start, end, at, lines, is_plain


@njit_for_kernels(cache=True, error_model="numpy")
def _packed(data: Array, start: Whole) -> Whole:
    return (np.int64(data[start]) << 16) | (np.int64(data[start + 1]) << 8) | np.int64(data[start + 2])


@njit_for_kernels(cache=True, error_model="numpy")
def _place(code: Whole, codes: Array, known: Whole) -> Whole:
    """Where ``code`` stands among the first ``known`` codes, or ``known``."""
    for place in range(known):
        if codes[place] == code:
            return place
    return known


@njit_for_python(cache=True, error_model="numpy")
def scan(
    data: Array,
    at: Whole,
    line: Whole,
    columns: Array,
    how: Array,
    names: Array,
    lengths: Array,
    values: Array,
    filled: Array,
    starts: Array,
    ends: Array,
    text: Array,
    lines: Array,
    wrong: Array,
    symbol_rows: Array,
    codes: Array,
    symbols: Array,
    references: Array,
) -> tuple[Whole, Whole, Whole]:
    """Read every line from byte ``at``, which is on line ``line``; returns the numbers of rows, symbols and currencies.

    ``columns[k]`` is which column the k-th field belongs to and ``how[column]`` how it is read. ``values[column, row]`` gets dates, types
    and numbers, and of symbols and currencies their place among ``symbol_rows`` (the first row of each) and ``codes`` (packed letters; as
    many as there is room for). ``filled[row]`` has a bit per column that is not empty; ``starts`` and ``ends`` say where its text is, for
    columns that are kept as text, at ``text[column]``. ``wrong[row]`` is the first column that cannot be read, −1 if none, and the number
    of columns if the line has too few or too many fields. ``symbols`` and ``references`` are empty hash tables of a power of two slots,
    more than there are rows.
    """
    n, row, fields, n_symbols, n_codes = len(data), 0, len(columns), 0, 0
    while at < n:
        if data[at] == _NEWLINE or (data[at] == _RETURN and (at + 1 == n or data[at + 1] == _NEWLINE)):
            line += data[at] == _NEWLINE
            at += 1
            continue
        lines[row], first_wrong, bits = line, -1, np.int64(0)
        field = 0
        while True:
            start, end, after, inside, is_plain = _field(data, at)
            line += inside
            if field < fields and end > start:
                column = columns[field]
                kind, is_right, is_value, value = how[column], is_plain, True, np.int64(0)
                bits |= np.int64(1) << column
                if SYMBOL <= kind <= TEXT:
                    starts[text[column], row], ends[text[column], row] = start, end
                if kind == NUMBER:
                    value, is_value = _number(data, start, end, 8)
                elif kind == MONEY:
                    value, is_value = _number(data, start, end, 2)
                elif kind == DATE:
                    value, is_value = _day(data, start, end)
                elif kind == TYPE:
                    value = np.int64(_type(data, start, end, names, lengths))
                    is_value = bool(value > 0)
                elif kind == CURRENCY:
                    value = np.int64(_place(_packed(data, start), codes, n_codes)) if end - start == 3 else np.int64(len(codes))
                    is_value = bool(value < len(codes))
                    if value == n_codes and is_value:
                        codes[n_codes] = _packed(data, start)
                        n_codes += 1
                elif kind == SYMBOL and is_plain:
                    slot = _find(data, start, end, symbols, starts[text[column]], ends[text[column]])
                    if symbols[slot] < 0:
                        symbols[slot], symbol_rows[n_symbols], value = row, row, np.int64(n_symbols)
                        n_symbols += 1
                    else:
                        value = values[column, symbols[slot]]
                elif kind == REFERENCE and is_plain:
                    slot = _find(data, start, end, references, starts[text[column]], ends[text[column]])
                    is_value = bool(references[slot] < 0)
                    if is_value:
                        references[slot] = row
                values[column, row] = value
                if not (is_right and is_value) and first_wrong < 0:
                    first_wrong = column
            field += 1
            at = after + 1
            if after >= n or data[after] == _NEWLINE:
                line += after < n
                break
        wrong[row] = first_wrong if field == fields else len(how)
        filled[row] = bits
        row += 1
    return row, n_symbols, n_codes


@njit_for_python(cache=True, error_model="numpy")
def parents(
    data: Array, parent: Array, starts: Array, ends: Array, reference_starts: Array, reference_ends: Array, references: Array
) -> None:
    """``parent[row]`` becomes the row whose reference the text of ``row`` names, or −1."""
    for row in range(len(parent)):
        parent[row] = -1
        if ends[row] > starts[row]:
            slot = _find(data, starts[row], ends[row], references, reference_starts, reference_ends)
            parent[row] = references[slot]
