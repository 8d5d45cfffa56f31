-- The yardstick of speed: the rules of points and stars as DuckDB SQL, tuned by hand.
-- Statements end with ";" at the end of a line. Words in {braces} are figures and expressions of
-- the policy, filled in by hand_tuned.py. Input: views of the seven clean fact tables.

-- Volunteers get small integers in the order of their ids: everything below joins, groups and
-- orders by them. Only assessed volunteers get one, so that joining is also the selection.
CREATE TEMP TABLE assessed AS
SELECT (row_number() OVER (ORDER BY volunteer_id))::INTEGER AS person,
  volunteer_id, community_id, registered_on, coalesce(prior_minutes, 0) AS prior_minutes,
  ({year} * 12 + 12 - (year(registered_on) * 12 + month(registered_on)))::INTEGER AS member_months
FROM volunteers WHERE registered_on <= DATE '{year}-12-31';

-- Rules 1 to 3 of every service, as if no cap of a day or of a team were ever reached. Start times
-- are unique among a volunteer's effective services (overlaps were refused), so that
-- (person, starts_at) names a service and orders it.
CREATE TEMP TABLE line AS
WITH rated AS (
  SELECT service_id, sum(score)::INTEGER AS score, count(*)::INTEGER AS ratings
  FROM ratings GROUP BY service_id
), one AS (
  SELECT person, service_id, starts_at, {capped_team} AS capped_team,
    minutes::SMALLINT AS recorded, ({minutes})::SMALLINT AS credited,
    ({percent})::SMALLINT AS percent, ({band})::SMALLINT AS band, score, ratings
  FROM services JOIN assessed USING (volunteer_id) LEFT JOIN rated USING (service_id)
  WHERE status = 'effective' AND starts_at >= TIMESTAMP '{year}-01-01'
    AND starts_at < TIMESTAMP '{next_year}-01-01'
)
SELECT *, {points} AS points FROM one;

-- Caps are reached rarely: find who reaches one, run the sums only there, and mend those lines.
-- A running sum S gives min(cap, S) - min(cap, S before): what is left when its turn comes.
--if day_cap
CREATE TEMP TABLE mended_day AS
WITH full_day AS (
  SELECT person, starts_at::DATE AS day FROM line GROUP BY ALL HAVING sum(credited) > {day_cap}
), summed AS (
  SELECT line.*, sum(credited) OVER (PARTITION BY line.person, day ORDER BY starts_at
    ROWS UNBOUNDED PRECEDING) AS upto
  FROM line JOIN full_day ON line.person = full_day.person AND line.starts_at::DATE = full_day.day
), left_over AS (
  SELECT * REPLACE ((least({day_cap}, upto) - least({day_cap}, upto - credited))::SMALLINT
    AS credited) FROM summed
)
SELECT person, starts_at, credited, {points} AS points FROM left_over;
UPDATE line SET credited = mended_day.credited, points = mended_day.points FROM mended_day
WHERE line.person = mended_day.person AND line.starts_at = mended_day.starts_at;
--end
--if team_cap
CREATE TEMP TABLE mended_team AS
WITH full_team AS (
  SELECT person, capped_team FROM line WHERE capped_team > 0 GROUP BY ALL
  HAVING sum(points) > {team_cap}
), summed AS (
  SELECT line.*, sum(points) OVER (PARTITION BY person, capped_team ORDER BY starts_at
    ROWS UNBOUNDED PRECEDING) AS upto
  FROM line JOIN full_team USING (person, capped_team)
)
SELECT person, starts_at,
  (least({team_cap}, upto) - least({team_cap}, upto - points))::BIGINT AS points FROM summed;
UPDATE line SET points = mended_team.points FROM mended_team
WHERE line.person = mended_team.person AND line.starts_at = mended_team.starts_at;
--end

-- A volunteer's year of service, by way of the months.
CREATE TEMP TABLE served AS
WITH months AS (
  SELECT person, month(starts_at) AS month, sum(points)::BIGINT AS points,
    sum(credited)::BIGINT AS minutes, sum(recorded)::BIGINT AS recorded,
    count(*) AS services, sum(score)::BIGINT AS score, sum(ratings)::BIGINT AS ratings
  FROM line GROUP BY ALL
)
SELECT person, sum(points)::BIGINT AS points, sum(minutes)::BIGINT AS minutes,
  sum(recorded)::BIGINT AS recorded, sum(services)::BIGINT AS services,
  sum(score)::BIGINT AS score, coalesce(sum(ratings), 0)::BIGINT AS ratings,
  count(*) FILTER (minutes >= {active_month_minutes}) AS active_months
FROM months GROUP BY person;

CREATE TEMP TABLE trained AS
SELECT person, training_id, day,
  row_number() OVER (PARTITION BY person ORDER BY day, training_id) AS turn
FROM trainings JOIN assessed USING (volunteer_id) WHERE passed AND year(day) = {year};

CREATE TEMP TABLE honored AS
WITH worth AS (
  SELECT person, honor_id, day, {honor_points} AS points
  FROM honors JOIN assessed USING (volunteer_id) WHERE year(day) = {year}
)
SELECT *, row_number() OVER (PARTITION BY person ORDER BY points DESC, day, honor_id) AS turn
FROM worth;

CREATE TEMP TABLE conducted AS
SELECT person, conduct_id, day, kind, {conduct_points} AS points
FROM conducts JOIN assessed USING (volunteer_id) WHERE year(day) = {year};

-- Every line of the statement that is not a service.
CREATE TEMP TABLE other AS
SELECT person, day, 'training' AS rule, training_id AS source_id, {training_article} AS article,
  {training_points}::BIGINT AS points
FROM trained WHERE turn <= {training_count} AND {training_points} <> 0
UNION ALL
SELECT person, day, 'honor', honor_id, {honor_article}, points::BIGINT
FROM honored WHERE turn <= {honor_count} AND points <> 0
UNION ALL
SELECT person, DATE '{year}-12-31', 'continuity', '', {continuity_article}, points::BIGINT
FROM (SELECT person, {continuity_points} AS points FROM assessed LEFT JOIN served USING (person))
WHERE points <> 0
UNION ALL
SELECT person, day, 'conduct', conduct_id, {conduct_article}, -points::BIGINT
FROM conducted WHERE points <> 0
UNION ALL
SELECT person, day, 'adjustment', adjustment_id, NULL, millipoints::BIGINT
FROM adjustments JOIN assessed USING (volunteer_id)
WHERE year(day) = {year} AND millipoints <> 0;

COPY (
  SELECT volunteer_id, starts_at::DATE AS day, 'service'{rule_type} AS rule,
    service_id AS source_id, {service_article}{article_type} AS article,
    credited::INTEGER AS minutes, percent::INTEGER AS percent, band::INTEGER AS band,
    points AS millipoints
  FROM line JOIN assessed USING (person) WHERE credited > 0
  UNION ALL
  SELECT volunteer_id, day, rule{rule_type}, source_id, article{article_type}, NULL, NULL, NULL,
    points
  FROM other JOIN assessed USING (person)
) TO '{out}/statement.parquet' (FORMAT parquet, DICTIONARY_SIZE_LIMIT 10);

CREATE TEMP TABLE total AS
WITH lines AS (SELECT person, sum(points)::BIGINT AS points FROM other GROUP BY person),
passed AS (SELECT person, count(*) AS trainings FROM trained GROUP BY person),
behaved AS (
  SELECT person, {conduct_counts}
  FROM conducted GROUP BY person
)
SELECT person, {scope} AS scope, registered_on,
  greatest(0, coalesce(served.points, 0) + coalesce(lines.points, 0)) AS points,
  coalesce(served.minutes, 0) AS minutes, coalesce(services, 0) AS services,
  coalesce(ratings, 0) AS ratings, 100 * score // ratings AS mean_rating,
  coalesce(trainings, 0) AS trainings, {active_months} AS active_months, member_months,
  prior_minutes + coalesce(recorded, 0) AS lifetime_minutes, {conduct_columns}
FROM assessed LEFT JOIN served USING (person) LEFT JOIN lines USING (person)
  LEFT JOIN passed USING (person) LEFT JOIN behaved USING (person);

CREATE TEMP TABLE judged AS
SELECT person, scope, points, minutes, services, ratings, mean_rating, trainings, active_months,
  member_months, {lifetime_star} AS lifetime_star,
  (row_number() OVER (PARTITION BY scope ORDER BY points DESC, minutes DESC,
    mean_rating DESC NULLS LAST, registered_on, person))::INTEGER AS rank,
  {eligible_star} AS eligible_star,
  {short} AS short
FROM total;

CREATE TEMP TABLE size AS SELECT scope, count(*) AS assessed FROM judged GROUP BY scope;
CREATE TEMP TABLE star_0 AS
SELECT person, scope, rank, eligible_star AS star FROM judged
WHERE eligible_star >= {lowest_quota};
--each quota
CREATE TEMP TABLE star_{after} AS
WITH placed AS (
  SELECT star_{before}.*, row_number() OVER (PARTITION BY scope, star ORDER BY rank) AS place
  FROM star_{before}
)
SELECT person, scope, rank,
  star - (star = {level} AND place > assessed * {quota} // 100)::INTEGER AS star
FROM placed JOIN size USING (scope);
--end

COPY (
  SELECT volunteer_id, community_id, points, minutes, services, ratings, mean_rating, trainings,
    active_months, judged.member_months, eligible_star,
    coalesce(star, eligible_star)::INTEGER AS star, lifetime_star, judged.rank, short
  FROM judged JOIN assessed USING (person) LEFT JOIN star_{last} USING (person)
  ORDER BY person
) TO '{out}/results.parquet' (FORMAT parquet);
