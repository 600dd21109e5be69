-- Stores a group of appends in one statement and so in one commit. Each row of item is one append; the result has a
-- row for each whose conversation is there. Within a group no client id occurs twice in a log. $1 is the time, $2 the slot of inbox_heads.
WITH item AS (
    SELECT t.*,
        t.kind = 'message' AND t.party = 'customer' AS asks,
        t.kind = 'message' AND t.party = 'agent' AS replies
    FROM unnest($3::uuid[], $4::uuid[], $5::boolean[], $6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::text[],
            $11::text[], $12::text[], $13::text[], $14::int[], $15::text[], $16::text[])
        WITH ORDINALITY AS t (workspace_id, conversation_id, staff, client_id, kind, party, from_id, from_name,
            text, body, short, rating, email, locale, i)
),
-- The locks come first, in one order everywhere. Whoever waited for one sees the row as it is then. An append to a
-- conversation that is not there ends here: it has no row in the result.
talk AS MATERIALIZED (
    SELECT item.*, c.customer_id, c.owner, c.agent_id, c.status, c.last_seq, c.staff_seq
    FROM item JOIN conversations c ON c.workspace_id = item.workspace_id AND c.id = item.conversation_id
    ORDER BY c.workspace_id, c.id, item.i
    FOR NO KEY UPDATE OF c
),
judged AS (
    SELECT talk.*,
        r.seq AS first_seq, r.at AS first_at, r.kind AS first_kind, r.party AS first_party, r.from_id AS first_from_id,
        r.from_name AS first_from_name, r.text AS first_text, r.body AS first_body,
        CASE
            WHEN talk.party = 'customer' AND talk.from_id IS DISTINCT FROM talk.customer_id THEN 'forbidden'
            WHEN r.seq IS NOT NULL THEN 'repeat'
            WHEN asks AND status <> 'open' THEN 'closed'
            WHEN replies AND (owner <> 'agent' OR agent_id IS DISTINCT FROM talk.from_id) THEN 'forbidden'
            WHEN talk.kind = 'message' AND talk.party = 'bot' AND (owner <> 'bot' OR status <> 'open') THEN 'forbidden'
            ELSE 'fresh'
        END AS verdict
    FROM talk
    -- Another node's entry that was committed while we waited for a lock is not seen here. Then the insert below breaks
    -- the rule that client ids are unique, and the statement is run again.
    LEFT JOIN entries r ON r.workspace_id = talk.workspace_id AND r.conversation_id = talk.conversation_id
        AND r.client_id = talk.client_id AND r.staff = talk.staff
),
numbered AS MATERIALIZED (
    SELECT *, CASE WHEN staff THEN staff_seq ELSE last_seq END
        + row_number() OVER (PARTITION BY workspace_id, conversation_id, staff, verdict ORDER BY i) AS seq
    FROM judged
),
stored AS (
    INSERT INTO entries (workspace_id, conversation_id, staff, seq, client_id, at, kind, party, from_id, from_name, text, body)
    SELECT workspace_id, conversation_id, staff, seq, client_id, $1::timestamptz, kind, party, from_id, from_name, text, body::json
    FROM numbered WHERE verdict = 'fresh'
),
mentioned AS (
    INSERT INTO mentions (workspace_id, user_id, at, conversation_id, seq)
    SELECT workspace_id, m.id::uuid, $1::timestamptz, conversation_id, seq
    FROM numbered, json_array_elements_text(body::json -> 'mentions') AS m (id)
    WHERE verdict = 'fresh' AND kind = 'note'
    ON CONFLICT DO NOTHING
),
-- What the fresh entries of a conversation do to its state, all of them together: the last one of a kind counts.
effect AS (
    SELECT workspace_id, conversation_id,
        max(seq) FILTER (WHERE NOT staff) AS last_seq,
        max(seq) FILTER (WHERE staff) AS staff_seq,
        max(seq) FILTER (WHERE asks) AS asked,
        max(seq) FILTER (WHERE asks AND seq < last_reply) AS asked_before_reply,
        bool_or(replies) AS replied,
        (array_agg(short ORDER BY i) FILTER (WHERE asks AND short <> ''))[1] AS subject,
        (array_agg(short ORDER BY i DESC) FILTER (WHERE kind = 'message'))[1] AS last_text,
        (array_agg(party ORDER BY i DESC) FILTER (WHERE kind = 'message'))[1] AS last_from,
        (array_agg(rating ORDER BY i DESC) FILTER (WHERE rating > 0))[1] AS rating,
        (array_agg(locale ORDER BY i DESC) FILTER (WHERE asks AND locale <> ''))[1] AS locale,
        -- A reply drops the address; its email is ''.
        (array_agg(email ORDER BY i DESC) FILTER (WHERE kind = 'contact' OR replies))[1] AS email
    FROM (
        SELECT *, max(seq) FILTER (WHERE replies) OVER (PARTITION BY workspace_id, conversation_id) AS last_reply
        FROM numbered WHERE verdict = 'fresh'
    ) fresh
    GROUP BY workspace_id, conversation_id
),
changed AS (
    UPDATE conversations c SET
        last_seq = coalesce(e.last_seq, c.last_seq),
        staff_seq = coalesce(e.staff_seq, c.staff_seq),
        customer_seq = coalesce(e.asked, c.customer_seq),
        customer_at = CASE WHEN e.asked IS NULL THEN c.customer_at ELSE $1 END,
        answered_seq = CASE WHEN e.replied THEN coalesce(e.asked_before_reply, c.customer_seq) ELSE c.answered_seq END,
        promised_at = CASE WHEN e.replied THEN NULL ELSE c.promised_at END,
        email = coalesce(e.email, c.email),
        rating = coalesce(e.rating, c.rating),
        snoozed_until = CASE WHEN e.asked IS NULL THEN c.snoozed_until END,
        -- A region stays as long as the language does, see chat.SameLanguage.
        locale = CASE WHEN lower(split_part(e.locale, '-', 1)) <> lower(split_part(c.locale, '-', 1)) THEN e.locale ELSE c.locale END,
        subject = CASE WHEN c.subject = '' THEN coalesce(e.subject, '') ELSE c.subject END,
        last_text = coalesce(e.last_text, c.last_text),
        last_from = coalesce(e.last_from, c.last_from),
        updated_at = $1
    FROM effect e
    WHERE c.workspace_id = e.workspace_id AND c.id = e.conversation_id
),
-- A reply settles the promise of an answer, see rule.Account: kept, or broken and still to be told.
settled AS (
    UPDATE promises p SET
        state = CASE WHEN p.due_at < $1 THEN 'broken' ELSE 'kept' END,
        settled_at = $1,
        owner_id = c.agent_id,
        act_at = CASE WHEN p.due_at < $1 THEN $1 END
    FROM effect e JOIN conversations c ON c.workspace_id = e.workspace_id AND c.id = e.conversation_id
    WHERE e.replied AND p.workspace_id = e.workspace_id AND p.conversation_id = e.conversation_id AND p.kind = 'answer' AND p.state = 'open'
),
bumped AS (
    INSERT INTO inbox_heads AS h (workspace_id, slot, changes)
    SELECT DISTINCT workspace_id, $2::smallint, 1 FROM numbered WHERE verdict = 'fresh' ORDER BY workspace_id
    ON CONFLICT (workspace_id, slot) DO UPDATE SET changes = h.changes + 1
)
SELECT i::int - 1, verdict, last_seq, CASE WHEN verdict = 'fresh' THEN seq ELSE first_seq END,
    first_at, first_kind, first_party, first_from_id, first_from_name, first_text, first_body
FROM numbered;
