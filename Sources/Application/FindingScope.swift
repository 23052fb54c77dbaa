import Rules

/// Which findings that are not about rows a run is to report: those about dispatchers and suppressions, which it sees
/// whatever it analyses.
struct FindingScope {
    /// Whether all handlers were analysed.
    var isWhole: Bool
    /// Files whose dispatchers count; nil: all.
    private var dispatcherFiles: Set<String>?
    /// Files whose suppressions count; nil: all.
    private var suppressionFiles: Set<String>?

    static let whole = FindingScope(isWhole: true, dispatcherFiles: nil, suppressionFiles: nil)

    /// One part reports what all parts see.
    static func part(isFirst: Bool) -> FindingScope {
        FindingScope(isWhole: false, dispatcherFiles: isFirst ? nil : [], suppressionFiles: isFirst ? nil : [])
    }

    static func change(dispatcherFiles: Set<String>, changedFiles: Set<String>) -> FindingScope {
        FindingScope(isWhole: false, dispatcherFiles: dispatcherFiles, suppressionFiles: changedFiles)
    }

    func includes(_ finding: Finding) -> Bool {
        switch finding.subject {
        case .dispatcher: dispatcherFiles?.contains(finding.location.file) ?? true
        case .suppression: suppressionFiles?.contains(finding.location.file) ?? true
        case .row, .narrowing, .handler: true
        }
    }
}
