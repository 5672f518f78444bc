import {
  add,
  addTo,
  again,
  and,
  block,
  type Code,
  choose,
  either,
  get,
  int,
  isEqual,
  isEqualLong,
  isLess,
  isZero,
  leave,
  load8,
  load32,
  load64,
  loop,
  or,
  seq,
  set,
  shiftLeft,
  shiftRight,
  store8,
  store32,
  store64,
  subtract,
  type WasmFunction,
  when,
  xor,
} from '@timeskein/model/wasm-assembler'
import { LAST_PLACE, MORE_PLACES } from '../../terms/term-positions.ts'
import { padded, setState, state } from './state-code.ts'
import {
  CANDIDATES,
  FIRST_PAIR,
  LAST_PAIR,
  LENGTH,
  NEXT_PAIR,
  NOTE_BYTES,
  NOTE_LENGTH,
  NOTE_LINE,
  NOTE_SLOT,
  NOTES,
  PAIR_FIELD,
  SLOT_BYTES,
  SLOT_RECORD,
  STAMP,
  STATE,
  TEXT,
} from './word-layout.ts'

/** `settle()`: looks all candidates up, new ones become tokens, and counts their comings in lines; returns how many they were. */
export function makeSettle(): WasmFunction {
  const [note, noteEnd, text, slots, slotBytes, slot, records, record, token] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ] as const
  const [hash, length, line, pair, pairs, firstPair, comings, before, at, last, lineStart, place] = [
    9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
  ] as const
  const nextSlot = set(
    slot,
    add(get(slots), and(add(subtract(get(slot), get(slots)), int(SLOT_BYTES)), get(slotBytes))),
  )
  const recordOfSlot = set(record, load32(get(slot), SLOT_RECORD * 4))
  const setToken = set(token, add(get(records), shiftLeft(get(record), 2)))
  const forEachNote = (...body: readonly Code[]): Code =>
    seq(
      set(note, int(NOTES)),
      loop(when(isLess(get(note), get(noteEnd)), ...body, addTo(note, int(NOTE_BYTES)), again(1))),
    )

  // What a lookup needs is far apart in memory, and a machine fetches many such places in the time of one when it is asked for
  // them together: first all slots, then all records, and then they are looked at.
  const findSlots = forEachNote(
    set(hash, load32(get(note))),
    set(slot, add(get(slots), and(shiftLeft(get(hash), 3), get(slotBytes)))),
    loop(
      recordOfSlot,
      when(get(record), when(isZero(isEqual(load32(get(slot)), get(hash))), nextSlot, again(2))),
    ),
    store32(get(note), get(slot), NOTE_SLOT * 4),
  )
  const fetchRecords = forEachNote(
    set(slot, load32(get(note), NOTE_SLOT * 4)),
    recordOfSlot,
    setToken,
    set(at, xor(get(at), load32(get(token), LENGTH * 4))),
  )
  const compare = seq(
    set(at, int(0)),
    loop(
      when(
        isEqualLong(load64(add(get(token), get(at)), TEXT * 4), load64(add(get(text), get(at)))),
        addTo(at, int(8)),
        when(isLess(get(at), get(length)), again(2)),
        // Out of this `when`, the loop, the two conditions, the search, and the block around it.
        leave(5),
      ),
    ),
  )
  const append = seq(
    set(record, state(STATE.recordEnd)),
    store32(get(slot), get(hash)),
    store32(get(slot), get(record), SLOT_RECORD * 4),
    setToken,
    ...[STAMP, FIRST_PAIR, LAST_PAIR].map((word) => store32(get(token), int(0), word * 4)),
    store32(get(token), get(length), LENGTH * 4),
    set(at, int(0)),
    loop(
      store64(add(get(token), get(at)), load64(add(get(text), get(at))), TEXT * 4),
      addTo(at, int(8)),
      when(isLess(get(at), get(length)), again(1)),
    ),
    setState(STATE.recordEnd, add(get(record), add(int(TEXT), shiftRight(get(at), 2)))),
    setState(STATE.tokenCount, add(state(STATE.tokenCount), int(1))),
  )
  const findToken = block(
    loop(
      recordOfSlot,
      when(
        get(record),
        setToken,
        when(
          and(isEqual(load32(get(slot)), get(hash)), isEqual(load32(get(token), LENGTH * 4), get(length))),
          compare,
        ),
        nextSlot,
        again(1),
      ),
    ),
    append,
  )
  const addPair = seq(
    set(last, get(pair)),
    set(pair, state(STATE.pairCount)),
    set(at, add(get(pairs), shiftLeft(get(pair), 4))),
    store32(get(at), state(STATE.field), PAIR_FIELD * 4),
    store32(get(at), int(0), NEXT_PAIR * 4),
    addTo(pair, int(1)),
    setState(STATE.pairCount, get(pair)),
    either(
      get(last),
      store32(add(get(pairs), shiftLeft(subtract(get(last), int(1)), 4)), get(pair), NEXT_PAIR * 4),
      store32(get(token), get(pair), FIRST_PAIR * 4),
    ),
    store32(get(token), get(pair), LAST_PAIR * 4),
  )
  const coming = subtract(get(comings), get(before))
  const noteComing = seq(
    set(pair, load32(get(token), LAST_PAIR * 4)),
    when(isZero(isLess(get(firstPair), get(pair))), addPair),
    store32(
      add(state(STATE.terms), shiftLeft(coming, 2)),
      subtract(subtract(get(pair), int(1)), get(firstPair)),
    ),
    store32(add(state(STATE.lines), shiftLeft(coming, 2)), get(line)),
    store8(
      add(state(STATE.places), coming),
      choose(isLess(get(place), int(LAST_PLACE)), get(place), int(LAST_PLACE)),
    ),
    addTo(comings, int(1)),
    store32(get(token), get(comings), STAMP * 4),
  )
  const repeat = seq(
    set(at, add(state(STATE.places), subtract(subtract(get(at), int(1)), get(before)))),
    store8(get(at), or(load8(get(at)), int(MORE_PLACES))),
  )
  const settleNotes = forEachNote(
    set(hash, load32(get(note))),
    set(length, load32(get(note), NOTE_LENGTH * 4)),
    set(slot, load32(get(note), NOTE_SLOT * 4)),
    findToken,
    addTo(text, padded(get(length))),
    set(at, load32(get(note), NOTE_LINE * 4)),
    either(
      isEqual(get(at), get(line)),
      seq(addTo(place, int(1)), setState(STATE.hasSeveral, int(1))),
      seq(set(line, get(at)), set(place, int(0)), set(lineStart, get(comings))),
    ),
    set(at, load32(get(token), STAMP * 4)),
    either(isLess(get(lineStart), get(at)), repeat, noteComing),
  )
  return {
    name: 'settle',
    parameterCount: 0,
    vectorCount: 0,
    integerCount: 21,
    body: seq(
      ...(
        [
          [noteEnd, state(STATE.noteEnd)],
          [slots, state(STATE.slots)],
          [slotBytes, shiftLeft(state(STATE.slotMask), 3)],
          [records, state(STATE.records)],
          [pairs, state(STATE.pairs)],
          [firstPair, state(STATE.firstPair)],
          [before, state(STATE.comingsBefore)],
          [comings, add(state(STATE.comings), state(STATE.comingsBefore))],
          [line, state(STATE.line)],
          [place, state(STATE.place)],
          [lineStart, state(STATE.comingsBeforeLine)],
          [text, int(CANDIDATES)],
        ] as const
      ).map(([local, value]) => set(local, value)),
      findSlots,
      fetchRecords,
      setState(STATE.fetched, get(at)),
      settleNotes,
      setState(STATE.comings, coming),
      setState(STATE.line, get(line)),
      setState(STATE.place, get(place)),
      setState(STATE.comingsBeforeLine, get(lineStart)),
      setState(STATE.candidateEnd, int(CANDIDATES)),
      setState(STATE.noteEnd, int(NOTES)),
      shiftRight(subtract(get(noteEnd), int(NOTES)), 4),
    ),
  }
}
