// fhir-kit-client as it comes from its registry, against a running hub.
// Usage: HUB_URL=http://127.0.0.1:8080/v1 HUB_TOKEN=… node fhir_kit_client.mjs
import assert from 'node:assert/strict';
import test from 'node:test';
import { CapabilityTool, Client } from 'fhir-kit-client';

const { HUB_URL: baseUrl, HUB_TOKEN: bearerToken } = process.env;
assert.ok(baseUrl && bearerToken, 'HUB_URL and HUB_TOKEN say which hub to talk to');

const hub = new Client({ baseUrl, bearerToken });
const resourceType = 'LocalCenter';
const run = `Run ${Date.now()}`;

const aCenter = (changes = {}) => ({
  resourceType,
  name: `${run} Center`,
  centerType: 'win-job-center',
  isComprehensiveOneStop: false,
  agency: { reference: 'Agency/mdes' },
  localWorkforceArea: 'delta',
  city: 'Testville',
  state: 'MS',
  countyFips: '28151',
  status: 'active',
  ...changes,
});

let counter = 0;
const aProfile = () => ({
  resourceType: 'ParticipantProfile',
  firstName: 'Elvis',
  lastName: 'Testcase',
  birthDate: '1990-01-08',
  pirlUniqueId: `${Date.now()}${counter++}`.slice(-12),
  employmentStatus: '0',
  educationLevel: '0',
  status: 'active',
});

const create = (body) => hub.create({ resourceType: body.resourceType, body });
const headers = (result) => Client.httpFor(result).response.headers;
const refused = (status, code) => ({ response }) => {
  assert.equal(response.status, status);
  assert.equal(response.data.resourceType, 'OperationOutcome');
  if (code) assert.equal(response.data.issue[0].details.coding[0].code, code);
  return true;
};

test('create answers the resource, where it is and its tag', async () => {
  const made = await create(aCenter());

  assert.equal(made.meta.versionId, '1');
  assert.equal(headers(made).get('location'), `${baseUrl}/${resourceType}/${made.id}/_history/1`);
  assert.equal(headers(made).get('etag'), 'W/"1"');
  assert.ok(Date.parse(headers(made).get('last-modified')));
  assert.equal(headers(made).get('content-type'), 'application/fhir+json');
});

test('read, update and vread', async () => {
  const { id, ...made } = await create(aCenter());
  const body = { ...made, id, city: 'Newtown' };

  const updated = await hub.update({ resourceType, id, body });

  assert.equal(headers(updated).get('etag'), 'W/"2"');
  assert.deepEqual(await hub.read({ resourceType, id }), updated);
  assert.equal((await hub.vread({ resourceType, id, version: '1' })).city, 'Testville');
  assert.equal((await hub.resolve({ reference: `${resourceType}/${id}` })).city, 'Newtown');
});

test('a read of what the client has is 304', async () => {
  const { id } = await create(aCenter());
  const options = { headers: { 'If-None-Match': 'W/"1"' } };

  await assert.rejects(hub.read({ resourceType, id, options }), { response: { status: 304, data: {} } });
});

test('a stale If-Match is refused on update and delete', async () => {
  const { id, ...made } = await create(aProfile());
  const kind = made.resourceType;
  const held = { headers: { 'If-Match': 'W/"1"' } };
  const body = { ...made, id, lastName: 'First' };
  await hub.update({ resourceType: kind, id, body, options: held });

  const second = hub.update({ resourceType: kind, id, body: { ...body, lastName: 'Second' }, options: held });
  await assert.rejects(second, refused(412, 'version-conflict'));
  await assert.rejects(hub.delete({ resourceType: kind, id, options: held }), refused(412));

  assert.equal((await hub.read({ resourceType: kind, id })).lastName, 'First');
});

test('a change of a versioned type without If-Match is refused', async () => {
  const { id, ...made } = await create(aProfile());
  const change = hub.update({ resourceType: made.resourceType, id, body: { ...made, lastName: 'X' } });

  await assert.rejects(change, refused(428, 'precondition-required'));
});

test('delete is repeatable, then read is gone', async () => {
  const { id, resourceType: kind } = await create(aProfile());
  const options = { headers: { 'If-Match': '*' } };

  const gone = await hub.delete({ resourceType: kind, id, options });

  assert.equal(Client.httpFor(gone).response.status, 204);
  assert.equal(Client.httpFor(await hub.delete({ resourceType: kind, id })).response.status, 204);
  await assert.rejects(hub.read({ resourceType: kind, id }), refused(410, 'deleted'));
});

test('search pages forward, and names and values may be percent-encoded', async () => {
  const names = [0, 1, 2, 3, 4].map((number) => `${run} Page+Center ${number}`);
  for (const name of names) await create(aCenter({ name }));
  const searchParams = { 'name:contains': `${run} page+center`, _sort: 'name', _count: 2 };

  const found = [];
  let pages = 0;
  let bundle = await hub.search({ resourceType, searchParams });
  for (; bundle; bundle = await hub.nextPage({ bundle })) {
    found.push(...bundle.entry.map(({ resource }) => resource.name));
    pages += 1;
  }

  assert.deepEqual(found, names);
  assert.equal(pages, 3);
});

test('the way back is offered by a link or not at all', async () => {
  const first = await hub.search({ resourceType, searchParams: { _count: 1 } });
  const second = await hub.nextPage({ bundle: first });

  const back = await hub.prevPage({ bundle: second });

  if (back !== undefined) assert.deepEqual(back.entry, first.entry);
  assert.equal(await hub.prevPage({ bundle: first }), undefined);
});

test('an unknown parameter is refused', async () => {
  const search = hub.search({ resourceType, searchParams: { citty: 'Testville' } });

  await assert.rejects(search, refused(400, 'bad-parameter'));
});

test('history of an instance, a type and the system', async () => {
  const { id, ...made } = await create(aCenter());
  await hub.update({ resourceType, id, body: { ...made, city: 'Newtown' } });

  const instance = await hub.history({ resourceType, id });
  const ofType = await hub.history({ resourceType });
  const system = await hub.history();
  const further = await hub.nextPage({ bundle: system });

  const cities = instance.entry.map(({ resource }) => resource.city);
  assert.deepEqual(cities, ['Newtown', 'Testville']);
  assert.deepEqual(instance.entry.map(({ request }) => request.method), ['PUT', 'POST']);
  assert.deepEqual(ofType.entry[0], instance.entry[0]);
  assert.deepEqual(system.entry.slice(0, 2), instance.entry);
  assert.ok(further.entry.every(({ resource }) => resource.id !== id));
});

test('$validate answers an outcome for good and bad', async () => {
  const validate = (input) => hub.operation({ name: 'validate', resourceType, input });
  const parameter = [{ name: 'resource', resource: aCenter({ status: 'open' }) }];

  const good = await validate(aCenter());
  const bad = await validate({ resourceType: 'Parameters', parameter });

  assert.equal(good.issue[0].severity, 'information');
  assert.deepEqual(bad.issue[0].expression, [`${resourceType}.status`]);
});

test('metadata says what the type can do', async () => {
  const statement = await hub.capabilityStatement();
  const can = new CapabilityTool(statement);

  for (const each of ['read', 'vread', 'create', 'update', 'search-type', 'history-instance']) {
    assert.ok(can.resourceCan(resourceType, each), each);
  }
  assert.ok(can.resourceSearch(resourceType, 'name'));
});

test('the token endpoint is discovered', async () => {
  const { tokenUrl } = await hub.smartAuthMetadata();

  assert.equal(tokenUrl.href, `${baseUrl}/oauth/token`);
});

test('what does not exist is refused as an outcome', async () => {
  await assert.rejects(hub.read({ resourceType, id: 'nowhere' }), refused(404, 'not-found'));
  await assert.rejects(hub.read({ resourceType: 'Patient', id: 'x' }), refused(404, 'unknown-type'));
  const stranger = new Client({ baseUrl, bearerToken: 'nonsense' });
  await assert.rejects(stranger.read({ resourceType, id: 'x' }), refused(401, 'unauthenticated'));
});
