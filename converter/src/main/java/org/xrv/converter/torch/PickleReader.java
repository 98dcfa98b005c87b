package org.xrv.converter.torch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The machine that a pickle is a program for, without what makes it dangerous: classes and
 * functions are names ({@link GlobalName}), objects are inert ({@link PickleObject}), and the few
 * functions that may be called are known by name ({@link KnownCalls}). An object of an unknown
 * class is let be only where its attributes make it a network. Protocols 0 to 5, after Python's
 * pickletools.
 */
final class PickleReader {
  /** A value takes some tens of bytes; a checkpoint of a thousand layers has 100,000 values. */
  private static final int MOST_VALUES = 2_000_000;

  private final PickleInput in;
  private final Function<PickleList, Object> persistent;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private final List<PickleObject> foreign = new ArrayList<>();
  private int values;

  /**
   * @param persistent gives what a persistent id stands for
   */
  PickleReader(PickleInput in, Function<PickleList, Object> persistent) {
    this.in = in;
    this.persistent = persistent;
  }

  /** The value of the next pickle of the input. */
  Object read() throws IOException {
    for (int op = in.octet(); op != '.'; op = in.octet()) {
      step(op);
    }
    Object value = pop();
    requireNetworks();
    return value;
  }

  /**
   * A class that is not known here may be that of a network, as networks are anybody's classes; the
   * attributes tell. What turns out to be anything else has no place beside weights.
   */
  private void requireNetworks() {
    for (PickleObject object : foreign) {
      if (!object.isNetwork()) {
        throw KnownCalls.refused(object.type());
      }
    }
  }

  private void step(int op) throws IOException {
    switch (op) {
      case 0x80 -> protocol(in.octet());
      case 0x95 -> in.unsigned(8); // FRAME: how much to read ahead
      case '(' -> mark();
      case '0' -> discard();
      case '1' -> popToMark();
      case '2' -> push(peek());
      case 'N' -> push(PickleNone.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'I' -> integerLine(in.line());
      case 'L' -> push(in.decimal(in.line()));
      case 'J' -> push((long) in.signed32());
      case 'K' -> push(in.unsigned(1));
      case 'M' -> push(in.unsigned(2));
      case 0x8a -> push(in.integer(in.unsigned(1)));
      case 0x8b -> push(in.integer(in.unsigned(4)));
      case 'G' -> push(in.real());
      case 'F' -> push(realLine(in.line()));
      case 'S' -> push(quoted(in.line()));
      case 'V' -> push(in.line());
      case 'U', 0x8c -> push(in.text(in.unsigned(1)));
      case 'T', 'X' -> push(in.text(in.unsigned(4)));
      case 0x8d -> push(in.text(in.unsigned(8)));
      case 'C' -> push(new PickleBytes(in.bytes(in.unsigned(1)).length));
      case 'B' -> push(new PickleBytes(in.bytes(in.unsigned(4)).length));
      case 0x8e, 0x96 -> push(new PickleBytes(in.bytes(in.unsigned(8)).length));
      case ')', ']', 0x8f -> push(new PickleList(new ArrayList<>(0)));
      case 'l', 't', 0x91 -> push(new PickleList(popToMark()));
      case 0x85 -> push(new PickleList(popped(1)));
      case 0x86 -> push(new PickleList(popped(2)));
      case 0x87 -> push(new PickleList(popped(3)));
      case '}' -> push(new PickleDict());
      case 'd' -> {
        List<Object> items = popToMark();
        push(new PickleDict());
        put(items);
      }
      case 'a' -> append(popped(1));
      case 'e', 0x90 -> append(popToMark());
      case 's' -> put(popped(2));
      case 'u' -> put(popToMark());
      case 'c' -> push(new GlobalName(in.line(), in.line()));
      case 0x93 -> stackGlobal();
      case 'R' -> call();
      case 0x81 -> instance(popped(2));
      case 0x92 -> instanceWithKeywords(popped(3));
      case 'i' -> {
        GlobalName type = new GlobalName(in.line(), in.line());
        pushInstance(type, new PickleList(popToMark()));
      }
      case 'o' -> {
        List<Object> items = popToMark();
        if (items.isEmpty()) {
          throw Unreadable.damaged("an object without a class in its pickle");
        }
        pushInstance(name(items.get(0)), new PickleList(items.subList(1, items.size())));
      }
      case 'b' -> build(pop());
      case 'Q' -> push(persistent.apply(list(pop())));
      case 'q' -> remember(in.octet());
      case 'r' -> remember(in.signed32());
      case 'p' -> remember(index(in.line()));
      case 0x94 -> remember(memo.size());
      case 'h' -> recall(in.octet());
      case 'j' -> recall(in.signed32());
      case 'g' -> recall(index(in.line()));
      default ->
          throw Unreadable.damaged(
              String.format("its pickle has the opcode 0x%02x, which is not read", op));
    }
  }

  private static void protocol(int version) {
    if (version > 5) {
      throw Unreadable.damaged("its pickle is of protocol " + version + "; 0 to 5 are read");
    }
  }

  private void push(Object value) {
    if (++values > MOST_VALUES) {
      throw Unreadable.damaged("its pickle has more than " + MOST_VALUES + " values");
    }
    stack.add(value);
  }

  private int bottom() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private Object peek() {
    if (stack.size() <= bottom()) {
      throw Unreadable.damaged("its pickle takes a value where there is none");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object top = peek();
    stack.remove(stack.size() - 1);
    return top;
  }

  private void mark() {
    if (++values > MOST_VALUES) {
      throw Unreadable.damaged("its pickle has more than " + MOST_VALUES + " values");
    }
    marks.add(stack.size());
  }

  /** POP also takes away a mark. */
  private void discard() {
    if (!marks.isEmpty() && stack.size() == bottom()) {
      marks.remove(marks.size() - 1);
    } else {
      pop();
    }
  }

  private List<Object> popped(int count) {
    if (stack.size() - count < bottom()) {
      throw Unreadable.damaged("its pickle takes a value where there is none");
    }
    List<Object> top = stack.subList(stack.size() - count, stack.size());
    List<Object> items = new ArrayList<>(top);
    top.clear();
    return items;
  }

  private List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw Unreadable.damaged("its pickle takes values up to a mark that is not there");
    }
    List<Object> items = popped(stack.size() - bottom());
    marks.remove(marks.size() - 1);
    return items;
  }

  private static int index(String line) {
    if (!line.matches("\\d{1,9}")) {
      throw Unreadable.damaged("'" + line + "' in its pickle is no index");
    }
    return Integer.parseInt(line);
  }

  private void remember(int index) {
    memo.put(index, peek());
    if (memo.size() > MOST_VALUES) {
      throw Unreadable.damaged("its pickle remembers more than " + MOST_VALUES + " values");
    }
  }

  private void recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw Unreadable.damaged("its pickle refers to value " + index + ", which is not there");
    }
    push(value);
  }

  /** Booleans of the oldest protocols are numbers of two digits. */
  private void integerLine(String line) {
    if (line.equals("01") || line.equals("00")) {
      push(line.equals("01"));
    } else {
      push(in.decimal(line));
    }
  }

  private static double realLine(String line) {
    try {
      return switch (line) { // as Python writes them
        case "nan" -> Double.NaN;
        case "inf" -> Double.POSITIVE_INFINITY;
        case "-inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(line);
      };
    } catch (NumberFormatException e) {
      throw Unreadable.damaged("'" + line + "' in its pickle is no number");
    }
  }

  private static String quoted(String line) {
    if (line.length() < 2 || line.charAt(0) != line.charAt(line.length() - 1)) {
      throw Unreadable.damaged("a text without quotes in its pickle");
    }
    return line.substring(1, line.length() - 1);
  }

  private void append(List<Object> items) {
    if (peek() instanceof PickleList list) {
      list.items().addAll(items);
    } else if (peek() instanceof PickleObject object) {
      object.items().items().addAll(items);
    } else {
      throw Unreadable.damaged("its pickle appends to what is no list");
    }
  }

  private void put(List<Object> items) {
    PickleDict dict;
    if (peek() instanceof PickleDict plain) {
      dict = plain;
    } else if (peek() instanceof PickleObject object) {
      dict = object.entries();
    } else {
      throw Unreadable.damaged("its pickle puts entries into what is no dict");
    }
    if (items.size() % 2 != 0) {
      throw Unreadable.damaged("its pickle puts a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      dict.put(items.get(i), items.get(i + 1));
    }
  }

  private void stackGlobal() {
    List<Object> names = popped(2);
    if (names.get(0) instanceof String module && names.get(1) instanceof String name) {
      push(new GlobalName(module, name));
    } else {
      throw Unreadable.damaged("its pickle names a class by what is no text");
    }
  }

  private void call() {
    List<Object> both = popped(2);
    Object result = KnownCalls.call(name(both.get(0)), list(both.get(1)).items());
    values += result instanceof PickleDict dict ? dict.size() : 0;
    made(result);
  }

  private void instance(List<Object> both) {
    pushInstance(name(both.get(0)), list(both.get(1)));
  }

  private void pushInstance(GlobalName type, PickleList args) {
    made(KnownCalls.instance(type, args));
  }

  private void made(Object value) {
    if (value instanceof PickleObject object && !KnownCalls.isInert(object.type())) {
      foreign.add(object);
    }
    push(value);
  }

  private void instanceWithKeywords(List<Object> three) {
    if (!(three.get(2) instanceof PickleDict keywords) || keywords.size() > 0) {
      throw Unreadable.refused("refuses to load " + name(three.get(0)));
    }
    instance(three.subList(0, 2));
  }

  private void build(Object state) {
    if (peek() instanceof PickleObject object) {
      object.build(state);
    } else if (!(peek() instanceof PickleDict)) { // a dict's attributes, such as _metadata
      throw Unreadable.damaged("its pickle gives attributes to what has none");
    }
  }

  private static GlobalName name(Object value) {
    if (value instanceof GlobalName name) {
      return name;
    }
    throw Unreadable.damaged("its pickle calls what is no function");
  }

  private static PickleList list(Object value) {
    if (value instanceof PickleList list) {
      return list;
    }
    throw Unreadable.damaged("its pickle calls with what is no tuple");
  }
}
