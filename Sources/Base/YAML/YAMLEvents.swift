import CYAML

/// The events of libyaml's parser over one text. <https://pyyaml.org/wiki/LibYAML>
@safe struct YAMLEvents: ~Copyable {
    /// A part of the text.
    struct Event {
        enum Kind {
            case scalar(String, isPlain: Bool)
            case alias(String)
            case sequenceStart
            case mappingStart
            /// The end of a sequence or a mapping.
            case end
            case documentStart
            /// The begin of the text, or the end of a document.
            case other
            case streamEnd
        }

        var kind: Kind
        /// Whether it is given a name that an alias could refer to.
        var hasAnchor = false
        /// Where its first byte stands, counted from 1.
        var line: Int
        var column: Int

        /// An error about it.
        func error(_ reason: YAMLError.Reason, _ message: String) -> YAMLError {
            YAMLError(reason, message, line: line, column: column)
        }
    }

    /// The parser, which refers to itself and so may not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// Calls `body` with the events of `text`.
    static func reading<Result>(_ text: String, _ body: (inout YAMLEvents) throws -> Result) throws -> Result {
        var text = text
        return try text.withUTF8 { bytes in
            var events = try unsafe YAMLEvents(bytes)
            return try body(&events)
        }
    }

    /// Begins with `bytes`, which must stay until the parser is gone.
    private init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            throw YAMLError(.malformed, "no memory for the YAML parser")
        }
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: `YAMLError` where the text is no YAML.
    mutating func next() throws -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw error() }
        defer { unsafe yaml_event_delete(&event) }
        let mark = unsafe event.start_mark
        var result = Event(kind: .other, line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let value = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            result.kind = unsafe .scalar(
                String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            result.hasAnchor = unsafe scalar.anchor != nil
        case YAML_ALIAS_EVENT:
            result.kind = unsafe .alias(event.data.alias.anchor.map { unsafe String(cString: $0) } ?? "")
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.hasAnchor = unsafe event.data.sequence_start.anchor != nil
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.hasAnchor = unsafe event.data.mapping_start.anchor != nil
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .end
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        // The parser gives no event at all once it has ended.
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: result.kind = .streamEnd
        default: break
        }
        return result
    }

    /// What the parser says that is wrong.
    private func error() -> YAMLError {
        let state = unsafe parser.pointee
        guard let problem = unsafe state.problem.map({ unsafe String(cString: $0) }) else {
            return YAMLError(.malformed, "the file is no YAML document")
        }
        // Of bytes that are no text it knows no line.
        guard unsafe state.error != YAML_READER_ERROR else { return YAMLError(.malformed, problem) }
        let context = unsafe state.context.map { unsafe " " + String(cString: $0) } ?? ""
        let mark = unsafe state.problem_mark
        return YAMLError(
            .malformed, problem + context, line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}
